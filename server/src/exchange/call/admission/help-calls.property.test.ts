import { extensionId, extensionNumber, terminalId } from '@perch/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VirtualClock } from '../../../world/virtual-clock.ts';
import type { Happened } from '../../happenings.ts';
import { HelpCalls } from './help-calls.ts';
import { FakeHelpCallStore } from './support/fake-help-call-store.ts';

const HOUR_MS = 60 * 60_000;
const NUMBERS = ['201', '202', '203'] as const;

const party = (number: string, terminal: string) => ({
  extension: extensionId(`speaker at ${terminal}`),
  terminal: terminalId(terminal),
  number: extensionNumber(number),
  name: '',
});
const steps = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('help' as const),
      own: fc.constantFrom(...NUMBERS),
      shown: fc.constantFrom(...NUMBERS),
    }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: HOUR_MS }) }),
    fc.record({ kind: fc.constant('restart' as const) }),
  ),
  { maxLength: 30 },
);

function world() {
  const [clock, store] = [new VirtualClock(), new FakeHelpCallStore()];
  const failures: string[] = [];
  const happened: Happened = (event) => {
    if (event.kind === 'failed') failures.push(String(event.error));
  };
  const open = () => {
    const begun = clock.now();
    // As in a new process: what it measures intervals by begins at nothing.
    const monotonic = () => clock.now() - begun;
    const anew = { now: () => clock.now(), monotonic, after: clock.after.bind(clock) };
    return HelpCalls.open({ store, clock: anew, happened });
  };
  return { clock, store, failures, open };
}

test('for an hour, help reaches the terminal that called last with a number, however often the server restarts', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const { clock, open } = world();
      let helpCalls = await open();
      const last = { own: new Map<string, [string, number]>(), shown: new Map<string, [string, number]>() };
      for (const step of taken) {
        if (step.kind === 'wait') await clock.advance(step.ms);
        if (step.kind === 'help') {
          const { own, shown } = step;
          helpCalls.note(party(shown, `phone of ${own}`), own);
          last.own.set(own, [`phone of ${own}`, clock.now()]);
          if (shown !== own) last.shown.set(shown, [`phone of ${own}`, clock.now()]);
        }
        if (step.kind === 'restart') helpCalls = await open();
        const reached = ([terminal, at]: [string | undefined, number] = [undefined, 0]) =>
          clock.now() - at > HOUR_MS ? undefined : terminal;
        for (const number of NUMBERS) {
          expect(helpCalls.callersOf(number)).toEqual({
            own: reached(last.own.get(number)),
            shown: reached(last.shown.get(number)),
          });
        }
      }
    }),
  );
});

test('a call for help that cannot be stored can be called back until the server ends, and the failure is reported', async () => {
  const { clock, store, failures, open } = world();
  store.broken = true;
  const helpCalls = await open();
  helpCalls.note(party('201', 'desk'), '201');
  await clock.advance(0);
  expect([helpCalls.callersOf('201').own, ...failures]).toEqual(['desk', 'Error: the disk is full']);
});

test('a clock that was set back meanwhile does not make the hour longer than an hour', async () => {
  const { clock, store, open } = world();
  const at = clock.now() + 5 * HOUR_MS;
  await store.keep([{ number: '201', terminal: terminalId('desk'), isOwn: true, at }], 0);
  const helpCalls = await open();
  await clock.advance(HOUR_MS);
  expect(helpCalls.callersOf('201').own).toBe('desk');
  await clock.advance(1);
  expect(helpCalls.callersOf('201').own).toBeUndefined();
});

test('two hours later nothing of it is stored any more, also where the server was started anew and nobody calls for help again', async () => {
  const { clock, store, failures, open } = world();
  const before = await open();
  before.note(party('201', 'desk'), '201');
  await clock.advance(HOUR_MS / 2);
  before.note(party('203', 'other desk'), '202');
  before.close();
  const helpCalls = await open();
  await clock.advance(HOUR_MS);
  expect([store.kept.map(({ number }) => number), helpCalls.callersOf('201').own]).toEqual([
    ['202', '203'],
    undefined,
  ]);
  await clock.advance(HOUR_MS);
  expect(store.kept).toEqual([]);
  store.broken = true;
  await clock.advance(24 * HOUR_MS);
  helpCalls.note(party('201', 'desk'), '201');
  helpCalls.close();
  await clock.advance(24 * HOUR_MS);
  expect(failures).toHaveLength(1);
});

test('nor is it where the server was not started anew', async () => {
  const { clock, store, open } = world();
  const helpCalls = await open();
  helpCalls.note(party('201', 'desk'), '201');
  await clock.advance(2 * HOUR_MS);
  expect(store.kept).toEqual([]);
  expect(clock.pending).toBe(0);
  helpCalls.close();
});
