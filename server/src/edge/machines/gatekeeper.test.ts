import { expect, test } from 'vitest';
import { arrived, step } from './gatekeeper.ts';
import type { Event, State } from './gatekeeper.ts';

/** Runs the events and gives the reason of the first that closed, or `open`. */
function fate(events: readonly Event[]): string {
  let state: State = arrived(0);
  for (const event of events) {
    const [next, verdict] = step(state, event);
    if (verdict.kind === 'close') return verdict.reason;
    state = next;
  }
  return 'open';
}

const frames = (count: number, at: number, every = 0): Event[] =>
  Array.from({ length: count }, (_, index) => ({ kind: 'frame', at: at + index * every, weight: 1 }));

test.for<[name: string, events: Event[], fate: string]>([
  ['100 messages at once pass', frames(100, 0), 'open'],
  ['the 101st does not', frames(101, 0), 'More than 100 messages a second without authentication'],
  ['100 more in the next second pass', [...frames(100, 0), ...frames(100, 1000)], 'open'],
  ['99 a second for 29 s pass', frames(99 * 29, 0, 1000 / 99), 'open'],
  ['29.999 s of silence pass', [{ kind: 'time', at: 29_999 }], 'open'],
  ['30 s of silence do not', [{ kind: 'time', at: 30_000 }], 'No authentication within 30 s'],
  ['nor do 30 s of talk', frames(31, 0, 1000), 'No authentication within 30 s'],
])('%s', ([, events, expected]) => {
  expect(fate(events)).toBe(expected);
});

test('once turned away, a flow stays turned away', () => {
  expect(step({ kind: 'turned-away' }, { kind: 'frame', at: 0, weight: 1 })[1].kind).toBe('close');
});
