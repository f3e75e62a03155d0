import fc from 'fast-check';
import { expect, test } from 'vitest';
import { terminalAt } from '../support/call-house.ts';
import { type PhoneNumber } from '../support/peer.ts';
import { Walk } from '../support/walk.ts';

/*
 * Pages that are loaded anew, both of a call at once and one of them again and again: within the time that a call waits for them, it is the
 * same call, and in the end each of the two hears the other.
 */

const TWO: readonly PhoneNumber[] = ['102', '103'];

/** What a page does by itself as soon as it is there; an attempt that was refused is made again. */
function takeUp(walk: Walk, number: PhoneNumber): void {
  const { flow } = walk.phones[number];
  const isTrying = walk.peers.some(
    ({ leg }) => leg.state === 'early' && leg.target.flow === flow && !leg.invitation,
  );
  for (const { id, here } of walk.house.calls.views(terminalAt(number)))
    if (here === 'away' && flow.open && !isTrying) walk.takeUp(number, id);
}

const ACTS: readonly (readonly [string, (walk: Walk, number: PhoneNumber) => unknown])[] = [
  ['lose', (walk, number) => walk.phones[number].flow.open && walk.lose(number)],
  [
    'reload',
    async (walk, number) => {
      if (walk.phones[number].flow.open) await walk.lose(number);
      walk.comeBack(number);
    },
  ],
  [
    'return',
    (walk, number) => {
      const { flow, binding } = walk.phones[number];
      if (!flow.open) walk.comeBack(number, binding.contact);
    },
  ],
  ['take up', takeUp],
  ['take up', takeUp],
  ['oblige', (walk) => walk.comply()],
  [
    'hold',
    (walk, number) => {
      const peer = walk.peers.find((each) => each.number === number && each.talks && each.own === null);
      if (peer?.asked.length === 0) peer.offer(!peer.holds);
    },
  ],
  ['slow disk', ({ house: { store } }) => (store.held ??= [])],
  ['disk', (walk) => walk.release()],
];

test('whatever two pages lose and load anew, in whatever order, both take the call up, and each hears the other', async () => {
  const act = fc.record({ number: fc.constantFrom(...TWO), act: fc.constantFrom(...ACTS) });
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 30, size: 'max' }), async (acts) => {
      const walk = new Walk();
      await walk.connect('103', '102');
      const [view] = walk.views;
      const log: string[] = [];
      const check = (): void => {
        const faults = walk.faults();
        if (faults.length > 0) throw new Error(`${faults.join('; ')} after ${log.join(', ')}`);
      };
      for (const {
        number,
        act: [name, does],
      } of acts) {
        log.push(`${name} ${number}`);
        await does(walk, number);
        await walk.settle();
        check();
      }
      walk.release();
      for (const number of TWO) if (!walk.phones[number].flow.open) walk.comeBack(number);
      for (let second = 0; second < 20; second++) {
        for (const number of TWO) takeUp(walk, number);
        await walk.settle();
        await walk.comply();
        await walk.house.clock.advance(1_000);
        await walk.settle();
      }
      check();
      const seen = TWO.map((number) => walk.house.calls.views(terminalAt(number)));
      const there = { id: view?.id, state: 'talking', here: 'here', otherSide: 'connected' };
      expect(seen, log.join(', ')).toMatchObject([[there], [there]]);
      expect(walk.isQuiet, log.join(', ')).toBe(true);
      expect(await walk.end()).toEqual([]);
    }),
    { numRuns: 500 },
  );
}, 60_000);
