import { expect, test } from 'vitest';
import { NOTHING_KNOWN, told, type TopicList } from './topic-list.ts';
import type { Snapshot, TopicEvent, TopicLine } from './topics.ts';

interface Line extends TopicLine {
  readonly state: string;
}
const line = (number: string, state = 'available'): Line => ({ number, state });
const readable = (each: TopicLine): Line | undefined => ('state' in each ? (each as Line) : undefined);

const snapshot: Snapshot = {
  kind: 'snapshot',
  topic: 'colleagues',
  epoch: 'e',
  sequence: 4,
  lines: [line('1001'), line('102'), line('101')],
};
const known: TopicList<Line> = {
  bookmark: { epoch: 'e', sequence: 4 },
  lines: [line('101'), line('102'), line('1001')],
};
const delta = (sequence: number, lines: readonly TopicLine[], gone: readonly string[] = []): TopicEvent => ({
  kind: 'delta',
  topic: 'colleagues',
  sequence,
  gone: [...gone],
  lines: [...lines],
});

test('a snapshot replaces everything, and is put in the order of its numbers', () => {
  expect(told(NOTHING_KNOWN, snapshot, readable)).toEqual(known);
  expect(told({ bookmark: { epoch: 'd', sequence: 9 }, lines: [line('999')] }, snapshot, readable)).toEqual(
    known,
  );
});

test('a delta replaces, adds and removes lines', () => {
  expect(told(known, delta(5, [line('102', 'busy'), line('103')], ['1001']), readable)).toEqual({
    bookmark: { epoch: 'e', sequence: 5 },
    lines: [line('101'), line('102', 'busy'), line('103')],
  });
});

test.for([
  ['one delta is missing', known, 6],
  ['it came before', known, 4],
  ['nothing is known yet', NOTHING_KNOWN, 5],
] as const)('a delta is not taken where %s', ([, list, sequence]) => {
  expect(told<Line>(list, delta(sequence, [line('102', 'busy')]), readable)).toBeUndefined();
});

test('what is withheld is forgotten', () => {
  expect(told(known, { kind: 'withheld', topic: 'colleagues' }, readable)).toEqual(NOTHING_KNOWN);
});

test('a line that this page cannot read is left out, and removes the previous one', () => {
  expect(told(known, delta(5, [{ number: '102' }]), readable)?.lines).toEqual([line('101'), line('1001')]);
});

test('a line that is told twice is there once, as it was told last', () => {
  const twice = { ...snapshot, lines: [line('101', 'busy'), line('102'), line('101'), line('1001')] };
  expect(told(NOTHING_KNOWN, twice, readable)).toEqual(known);
  expect(told(known, delta(5, [line('103', 'busy'), line('103')]), readable)?.lines).toEqual([
    line('101'),
    line('102'),
    line('103'),
    line('1001'),
  ]);
});
