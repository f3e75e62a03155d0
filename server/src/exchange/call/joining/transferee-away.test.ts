import { expect, test } from 'vitest';
import { terminalAt } from '../support/call-house.ts';
import { Walk } from '../support/walk.ts';

/*
 * 101 sends its call with 102 on to 103, while the phone of 102 has lost its line, or its page is being loaded anew. Either it is done once
 * that is back, or 101 is told that it is not, and talks to 102 again.
 */

const STEPS: Readonly<Record<string, (walk: Walk) => unknown>> = {
  sent: (walk) => walk.refer('101', 'sip:103@example.org'),
  answered: (walk) => {
    for (const peer of walk.peers) if (peer.number === '103' && peer.leg.state === 'early') peer.answer();
  },
  lost: (walk) => walk.lose('102'),
  back: (walk) => walk.comeBack('102', walk.phones['102'].binding.contact),
  reloaded: (walk) => walk.comeBack('102'),
};

/** A page that was loaded anew takes its call up, and everybody does what is asked of them. */
async function goOn(walk: Walk): Promise<void> {
  for (let second = 0; second < 5; second++) {
    await walk.comply();
    for (const { id, here } of walk.house.calls.views(terminalAt('102')))
      if (here === 'away') walk.takeUp('102', id);
    await walk.settle();
    await walk.comply();
    await walk.house.clock.advance(1_000);
    await walk.settle();
  }
}

test.for([
  ['lost, sent, answered, back', [200]],
  ['sent, lost, answered, back', [200]],
  ['sent, answered, lost, back', [200]],
  ['sent, lost, back, answered', [200]],
  ['lost, sent, answered, reloaded', [480]],
  ['lost, sent, reloaded, answered', [480]],
  ['lost, reloaded, sent, answered', [480]],
  ['sent, lost, answered, reloaded', [480]],
  ['sent, lost, reloaded, answered', [480]],
  ['sent, answered, lost, reloaded', [480]],
] as const)('%s: the referrer is told %j', async ([steps, told]) => {
  const walk = new Walk();
  await walk.connect('101', '102');
  const [referrer] = walk.peers;
  for (const step of steps.split(', ')) {
    await STEPS[step]?.(walk);
    await walk.settle();
  }
  await goOn(walk);
  expect(referrer?.leg.told('refer-progress').map(({ status }) => status)).toEqual(told);
  const others = told[0] === 200 ? ['102', '103'] : ['101', '102'];
  expect(walk.views.map(({ as, here, otherSide }) => [as.number, here, otherSide])).toEqual(
    others.map((number) => [number, 'here', 'connected']),
  );
  expect([walk.isQuiet, walk.faults()]).toEqual([true, []]);
  expect(await walk.end()).toEqual([]);
});
