import { terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import { FakeMediaEngine } from '../../../media/support/fake-media.ts';
import { VirtualClock } from '../../../world/virtual-clock.ts';
import { incomingFrom } from '../support/incoming-calls.ts';
import { slotService } from './service.ts';
import { everyoneIn } from '../support/languages.ts';

/** Ada calls to park a call; `settle` says what has become of it. */
async function asking() {
  const clock = new VirtualClock();
  const engine = new FakeMediaEngine(clock);
  const { leg, incoming } = incomingFrom(terminalId('terminal-101'), '101', 'Ada');
  const { promise: parked, resolve: settle } = Promise.withResolvers<boolean>();
  slotService().take(
    incoming,
    { name: 'slot', slot: '12', parked },
    { engine, clock, languages: everyoneIn('en') },
  );
  await clock.advance(0);
  return { clock, endpoint: engine.last, leg, settle };
}

test.for([
  [true, ['call-is-parked', 'digit-1', 'digit-2', 'call-is-parked', 'digit-1', 'digit-2']],
  [false, ['try-again-later']],
] as const)(
  'where the call is parked: %s, the caller hears so, and is hung up',
  async ([isParked, heard]) => {
    const { clock, endpoint, leg, settle } = await asking();
    settle(isParked);
    await clock.advance(0);
    expect(endpoint.heard).toEqual([]);
    leg.says({ kind: 'acknowledged' });
    expect(endpoint.playing).toEqual(heard);
    await clock.advance(heard.length * 1_000);
    expect(leg.told('end')).toHaveLength(1);
  },
);

test('nothing is said before it is known', async () => {
  const { clock, endpoint, leg, settle } = await asking();
  leg.says({ kind: 'acknowledged' });
  await clock.advance(4_000);
  expect(endpoint.heard).toEqual([]);
  settle(true);
  await clock.advance(0);
  expect(endpoint.playing[0]).toBe('call-is-parked');
});
