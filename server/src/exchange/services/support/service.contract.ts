import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FakeMediaEngine } from '../../../media/support/fake-media.ts';
import type { VirtualClock } from '../../../world/virtual-clock.ts';
import type { Service } from '../service.ts';
import type { TestCall } from './incoming-calls.ts';
import { everyoneIn } from './languages.ts';

/** A service with what it needs of the world. */
interface Subject<Request> {
  readonly service: Service<Request>;
  readonly request: Request;
  readonly clock: VirtualClock;
  readonly engine: FakeMediaEngine;
  call(): TestCall;
  /** The kinds of what the page was told, in order. */
  readonly told: readonly string[];
}

/** Longer than any dialogue waits for anything (milliseconds). */
const LONG = 600_000;

const ACTS = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ kind: 'acknowledged' as const }) },
  {
    weight: 6,
    arbitrary: fc.constantFrom(...'0123456789*#').map((key) => ({ kind: 'press' as const, key })),
  },
  { weight: 6, arbitrary: fc.nat(15_000).map((ms) => ({ kind: 'wait' as const, ms })) },
  { weight: 2, arbitrary: fc.constant({ kind: 'connect' as const }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('peer-closed' as const, 'timeout' as const, 'handshake-failed' as const)
      .map((why) => ({ kind: 'lose' as const, why })),
  },
  { weight: 1, arbitrary: fc.constantFrom('barred' as const, 'hang-up' as const).map((kind) => ({ kind })) },
);

/** What every call to a service must keep to, whatever its caller does in whatever order. */
export function serviceContract<Request>(name: string, open: () => Promise<Subject<Request>>): void {
  test(`${name}: however a call ends, it ends once, is closed wholly and leaves no timer`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(ACTS, { maxLength: 25 }), async (acts) => {
        const { service, request, clock, engine, call, told } = await open();
        await clock.advance(0);
        const idle = clock.pending;
        const { leg, incoming, ends } = call();
        const taken = service.take(incoming, request, { engine, clock, languages: everyoneIn('en') });
        const endpoint = engine.last;
        for (const act of acts) {
          switch (act.kind) {
            case 'acknowledged':
              if (leg.state === 'confirmed') leg.says({ kind: 'acknowledged' });
              break;
            case 'press':
              endpoint.press(act.key);
              break;
            case 'connect':
              endpoint.connect();
              break;
            case 'lose':
              endpoint.lose(act.why);
              break;
            case 'barred':
              taken?.on({ kind: 'barred' });
              break;
            case 'hang-up':
              leg.says(leg.state === 'early' ? { kind: 'cancelled' } : { kind: 'ended', by: 'peer' });
              break;
            case 'wait':
              break;
          }
          await clock.advance(act.kind === 'wait' ? act.ms : 0);
        }
        leg.says(leg.state === 'early' ? { kind: 'cancelled' } : { kind: 'ended', by: 'peer' });
        await clock.advance(0);
        const [spoken, shown] = [endpoint.utterances.length, told.length];
        endpoint.press('1');
        taken?.on({ kind: 'barred' });
        await clock.advance(LONG);
        expect(ends()).toBe(1);
        expect(leg.told('end').length + leg.told('reject').length).toBeLessThanOrEqual(1);
        expect(endpoint.closedAs).toBeDefined();
        expect([endpoint.utterances.length, told.length]).toEqual([spoken, shown]);
        expect(told.filter((kind) => kind === 'closed').length).toBeLessThanOrEqual(1);
        expect(clock.pending).toBe(idle);
      }),
      { numRuns: 60 },
    );
  });
}
