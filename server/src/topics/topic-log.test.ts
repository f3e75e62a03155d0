import { NOTHING_KNOWN, told, type TopicEvent, type TopicLine, type TopicList } from '@perch/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TopicLog } from './topic-log.ts';

interface Line extends TopicLine {
  readonly state: number;
}
const asLine = (line: TopicLine): Line => line as Line;

const log = (count: number, epoch = 'e') =>
  new TopicLog<Line>(
    { topic: 'colleagues', epoch },
    Array.from({ length: count }, (_, index) => ({ number: String(101 + index), state: 0 })),
  );
const set = (number: string, state: number): readonly [string, Line] => [number, { number, state }];
const kinds = (events: readonly TopicEvent[]) => events.map(({ kind }) => kind);

test('a page that knows nothing gets the whole list', () => {
  expect(log(2).after(undefined)).toEqual([
    {
      kind: 'snapshot',
      topic: 'colleagues',
      epoch: 'e',
      sequence: 0,
      lines: [
        { number: '101', state: 0 },
        { number: '102', state: 0 },
      ],
    },
  ]);
});

test('a page that knows an earlier state gets what has changed since, step by step', () => {
  const topic = log(9);
  const known = topic.bookmark;
  topic.change([set('101', 1)]);
  topic.change([['102', undefined]]);
  expect(topic.after(known)).toEqual([
    { kind: 'delta', topic: 'colleagues', sequence: 1, gone: [], lines: [{ number: '101', state: 1 }] },
    { kind: 'delta', topic: 'colleagues', sequence: 2, gone: ['102'], lines: [] },
  ]);
  expect(topic.after(topic.bookmark)).toEqual([]);
});

test('everyone gets the same objects, which are encoded once', () => {
  const topic = log(3);
  const known = topic.bookmark;
  topic.change([set('101', 1)]);
  expect(topic.after(known)[0]).toBe(topic.after(known)[0]);
  expect(topic.after(undefined)[0]).toBe(topic.after(undefined)[0]);
});

test('an unchanged line, or the removal of a missing one, is no change', () => {
  const topic = log(3);
  topic.change([set('101', 0), ['999', undefined]]);
  expect(topic.bookmark.sequence).toBe(0);
});

test.for([
  ['of another epoch', { epoch: 'd', sequence: 1 }],
  ['of a later time', { epoch: 'e', sequence: 7 }],
] as const)('a bookmark %s is useless', ([, bookmark]) => {
  const topic = log(3);
  topic.change([set('101', 1)]);
  expect(kinds(topic.after(bookmark))).toEqual(['snapshot']);
});

test('deltas are kept while they are shorter than the list', () => {
  const topic = log(10);
  const known = topic.bookmark;
  for (let state = 1; state <= 10; state++) topic.change([set('101', state)]);
  expect(topic.after(known)).toHaveLength(10);
  topic.change([set('101', 11)]);
  expect(kinds(topic.after(known))).toEqual(['snapshot']);
  expect(topic.after({ ...known, sequence: 1 })).toHaveLength(10);
});

const NUMBERS = ['101', '102', '103', '104', '105', '106'];
const number = fc.constantFrom(...NUMBERS);
const step = fc.oneof(
  fc.record({
    do: fc.constant('change' as const),
    lines: fc.array(fc.tuple(number, fc.option(fc.nat(2), { nil: undefined })), {
      minLength: 1,
      maxLength: 4,
    }),
  }),
  fc.record({
    do: fc.constantFrom('catch up' as const, 'lose an event' as const, 'restart' as const),
    page: fc.nat(2),
  }),
);

/** Behaves as the real page: says what it knows, takes what it is told, and asks again where something is missing. */
class Page {
  list: TopicList<Line> = NOTHING_KNOWN;
  snapshots = 0;

  catchUp(topic: TopicLog<Line>, lost = 0): void {
    for (const event of topic.after(this.list.bookmark).slice(lost)) {
      if (event.kind === 'snapshot') this.snapshots++;
      const next = told(this.list, event, asLine);
      if (next === undefined) return this.catchUp(topic);
      this.list = next;
    }
  }
}

test('in any order of changes, reconnects and losses, a page that has caught up has the list of the server', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const truth = new Map<string, Line>(Array.from(log(3).numbers(), (each) => set(each, 0)));
      let epochs = 0;
      let topic = log(3, String(epochs));
      const pages = [new Page(), new Page(), new Page()];
      for (const each of steps) {
        if (each.do === 'change') {
          const lines = new Map(each.lines);
          for (const [key, state] of lines)
            if (state === undefined) truth.delete(key);
            else truth.set(...set(key, state));
          topic.change(Array.from(lines.keys(), (key) => [key, truth.get(key)]));
        } else if (each.do === 'restart') {
          topic = new TopicLog<Line>({ topic: 'colleagues', epoch: String(++epochs) }, truth.values());
        } else {
          pages[each.page]?.catchUp(topic, each.do === 'lose an event' ? 1 : 0);
        }
      }
      const expected = NUMBERS.flatMap((key) => truth.get(key) ?? []);
      for (const page of pages) {
        page.catchUp(topic);
        expect(page.list).toEqual({ bookmark: topic.bookmark, lines: expected });
      }
    }),
    { numRuns: 2_000 },
  );
});
