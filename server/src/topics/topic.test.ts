import type { TopicEvent, TopicLine } from '@perch/shared';
import { expect, test } from 'vitest';
import { VirtualClock } from '../world/virtual-clock.ts';
import { Topic } from './topic.ts';

interface Line extends TopicLine {
  state: number;
}

function open() {
  const clock = new VirtualClock();
  /** How long it takes to tell one page. */
  const work = { ms: 0, done: 0 };
  const lines = new Map<string, Line>(
    Array.from({ length: 20 }, (_, index) => String(101 + index)).map((number) => [
      number,
      { number, state: 0 },
    ]),
  );
  const read: string[] = [];
  let epochs = 0;
  const topic = new Topic<Line>(
    {
      topic: 'colleagues',
      all: () => lines.values(),
      line: (number) => {
        read.push(number);
        return lines.get(number);
      },
    },
    {
      clock: {
        now: () => clock.now(),
        monotonic: () => clock.monotonic() + work.done,
        after: (ms, callback) => clock.after(ms, callback),
      },
      settleMs: 100,
      newEpoch: () => `epoch ${++epochs}`,
    },
  );
  const listen = (
    ...known: Parameters<typeof topic.follow> extends [unknown, infer Known] ? [Known?] : never
  ) => {
    const heard: TopicEvent[] = [];
    const stop = topic.follow((event) => {
      work.done += work.ms;
      heard.push(event);
    }, known[0]);
    return { heard, stop, take: () => heard.splice(0) };
  };
  const put = (number: string, state: number) => {
    lines.set(number, { number, state });
    topic.changed([number]);
  };
  return { clock, work, lines, read, topic, listen, put };
}

test('a change costs its own line and reaches every follower as one delta', async () => {
  const { clock, read, listen, put } = open();
  const pages = [listen(), listen(), listen()];
  for (const page of pages) expect(page.take()).toMatchObject([{ kind: 'snapshot', sequence: 0 }]);
  put('101', 1);
  put('102', 1);
  put('101', 2);
  await clock.advance(100);
  expect(read).toEqual(['101', '102']);
  const [first] = pages.map((page) => page.take());
  expect(first).toMatchObject([
    {
      kind: 'delta',
      sequence: 1,
      lines: [
        { number: '101', state: 2 },
        { number: '102', state: 1 },
      ],
    },
  ]);
  for (const page of pages) page.stop();
});

test('every follower is handed the same object', async () => {
  const { clock, listen, put } = open();
  const [one, other] = [listen(), listen()];
  put('101', 1);
  await clock.advance(100);
  expect(one.heard[0]).toBe(other.heard[0]);
  expect(one.heard[1]).toBe(other.heard[1]);
});

test('a change that is undone at once is not told', async () => {
  const { clock, listen, put } = open();
  const page = listen();
  page.take();
  put('101', 1);
  put('101', 0);
  await clock.advance(1_000);
  expect(page.take()).toEqual([]);
});

test('telling many leaves most of the time to calls, and brings all of them to the newest state', async () => {
  const { clock, work, listen, put } = open();
  const pages = [listen(), listen()];
  for (const page of pages) page.take();
  work.ms = 10;
  const told = () => pages.reduce((sum, { heard }) => sum + heard.length, 0);
  put('101', 1);
  await clock.advance(100);
  expect(told()).toBe(1);
  put('101', 2);
  await clock.advance(39);
  expect(told()).toBe(1);
  await clock.advance(1);
  expect(told()).toBe(2);
  await clock.advance(1_000);
  for (const page of pages)
    expect(page.take().flatMap((event) => ('lines' in event ? event.lines : []))).toEqual([
      { number: '101', state: 1 },
      { number: '101', state: 2 },
    ]);
});

test('a page that comes back within a minute is told what it missed, also where it was the only one', async () => {
  const { clock, listen, put } = open();
  const before = listen();
  before.stop();
  put('101', 1);
  await clock.advance(59_000);
  expect(listen({ epoch: 'epoch 1', sequence: 0 }).take()).toMatchObject([{ kind: 'delta', sequence: 1 }]);
});

test('a topic without followers is forgotten after a minute: the next page gets it whole', async () => {
  const { clock, topic, listen, put } = open();
  listen().stop();
  await clock.advance(60_000);
  expect([topic.isOpen, clock.pending]).toEqual([false, 0]);
  put('101', 1);
  expect(clock.pending).toBe(0);
  expect(listen({ epoch: 'epoch 1', sequence: 0 }).take()).toMatchObject([
    { kind: 'snapshot', epoch: 'epoch 2', sequence: 0 },
  ]);
});

test('where it is not known whose line has changed, all are compared', async () => {
  const { clock, lines, topic, listen } = open();
  const page = listen();
  page.take();
  lines.delete('101');
  lines.set('999', { number: '999', state: 0 });
  topic.changed(undefined);
  await clock.advance(100);
  expect(page.take()).toMatchObject([{ kind: 'delta', gone: ['101'], lines: [{ number: '999' }] }]);
});

test('a page that has left is told nothing, also in the middle of a round', async () => {
  const { clock, work, listen, put } = open();
  const pages = [listen(), listen()];
  for (const page of pages) page.take();
  work.ms = 10;
  put('101', 1);
  await clock.advance(100);
  for (const page of pages) page.stop();
  await clock.advance(1_000);
  expect(pages.flatMap((page) => page.take())).toHaveLength(1);
});

test('closing leaves no timer behind', async () => {
  const { clock, topic, listen, put } = open();
  listen();
  put('101', 1);
  topic.close();
  expect(clock.pending).toBe(0);
});
