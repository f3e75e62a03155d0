import { callId } from '@perch/shared';
import { describe, expect, test } from 'vitest';
import { terminalAt } from '../support/call-house.ts';
import { NUMBERS } from '../support/peer.ts';
import { Walk } from '../support/walk.ts';

/*
 * A restart in the middle of joining: wherever it cuts that off, those who are back are in calls of two who hear each other, at once.
 */

/** What is begun; the phones then do one thing after another. */
const BEGUN: readonly (readonly [string, (walk: Walk) => Promise<void>])[] = [
  [
    'a blind transfer',
    async (walk) => {
      await walk.connect('101', '102');
      walk.refer('101', 'sip:103@example.org');
    },
  ],
  [
    'an attended transfer',
    async (walk) => {
      await walk.connect('101', '102');
      await walk.connect('101', '103');
      const [, second] = walk.peers.filter(({ number }) => number === '101');
      walk.refer('101', 'sip:103@example.org', second?.leg);
    },
  ],
  [
    'a merge',
    async (walk) => {
      await walk.connect('101', '102');
      await walk.connect('101', '103');
      const [first, second] = walk.house.calls.views(terminalAt('101')).map(({ id }) => callId(id));
      if (first !== undefined && second !== undefined)
        walk.house.calls.confer(terminalAt('101'), [first, second]);
    },
  ],
  [
    'parking',
    async (walk) => {
      await walk.connect('101', '102');
      walk.refer('101', 'sip:*68@example.org');
    },
  ],
  [
    'a call that is taken up by a page that was loaded anew',
    async (walk) => {
      await walk.connect('103', '102');
      await walk.lose('103');
      walk.comeBack('103');
      await walk.settle();
      const [view] = walk.house.calls.views(terminalAt('103'));
      if (view !== undefined) walk.takeUp('103', view.id);
    },
  ],
];

/** One phone does one thing that it is asked for; `false` where there is none. */
async function oblige(walk: Walk): Promise<boolean> {
  const peer = walk.peers.find(
    ({ leg, asked, told }) =>
      leg.state !== 'over' &&
      leg.target.flow.open &&
      (asked.length > 0 || (leg.state === 'early' && leg.invitation !== undefined && told === 0)),
  );
  if (peer === undefined) return false;
  if (peer.leg.state === 'early') peer.answer();
  else peer.oblige();
  await walk.settle();
  return true;
}

/** A page that was loaded anew takes its call up. */
async function takeUp(walk: Walk): Promise<void> {
  for (const number of NUMBERS)
    for (const { id, here } of walk.house.calls.views(terminalAt(number)))
      if (here === 'away') walk.takeUp(number, id);
  await walk.settle();
}

describe.for(BEGUN)('%s', ([, begin]) => {
  test.for([
    ['after any number of steps', null],
    ['while the disk has not said yet that it has written', []],
  ] as const)('cut off by a restart %s', async ([, held]) => {
    let isDone = false;
    for (let steps = 0; !isDone; steps++) {
      const walk = new Walk();
      await begin(walk);
      walk.house.store.held = held === null ? null : [];
      await walk.settle();
      for (let step = 0; step < steps && !isDone; step++) isDone = !(await oblige(walk));
      await walk.restart();
      for (const number of NUMBERS) walk.comeBack(number, walk.phones[number].binding.contact);
      await walk.settle();
      await takeUp(walk);
      await walk.comply();
      const after = `after ${String(steps)} steps`;
      expect(walk.faults(), after).toEqual([]);
      expect(walk.isQuiet, after).toBe(true);
      const views = walk.views.filter(({ here }) => here !== 'left');
      // An INVITE whose answer waits for the disk is lost with its line, and the call with it.
      if (held === null) expect(views, after).not.toEqual([]);
      for (const view of views)
        expect(view, after).toMatchObject({ state: 'talking', here: 'here', otherSide: 'connected' });
      expect(await walk.end(), after).toEqual([]);
    }
  });
});
