import { expect, test } from 'vitest';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { TimerQueues } from './timer-queues.ts';
import type { TimerOwner } from './timer-queues.ts';

function queues() {
  const clock = new VirtualClock();
  const heard: string[] = [];
  const owner = (name: string): TimerOwner => ({
    expired: (timer) => {
      heard.push(`${name} ${timer}`);
    },
  });
  return { clock, heard, owner, timers: new TimerQueues(clock) };
}

test('timers run out in their own time, of whatever duration', async () => {
  const { clock, heard, owner, timers } = queues();
  timers.start(300, owner('c'), 'deadline');
  timers.start(100, owner('a'), 'retransmit');
  await clock.advance(50);
  timers.start(100, owner('b'), 'deadline');
  await clock.advance(49);
  expect(heard).toEqual([]);
  await clock.advance(1);
  expect(heard).toEqual(['a retransmit']);
  await clock.advance(50);
  expect(heard).toEqual(['a retransmit', 'b deadline']);
  await clock.advance(150);
  expect(heard).toEqual(['a retransmit', 'b deadline', 'c deadline']);
  expect(clock.pending).toBe(0);
});

test.for([
  [[0], 'bcd'],
  [[1], 'acd'],
  [[3], 'abc'],
  [[1, 2], 'ad'],
  [[2, 1, 0], 'd'],
  [[3, 0], 'bc'],
  [[0, 1, 2, 3], ''],
] as const)('those that were stopped, %j, never run out; the others do', async ([stopped, left]) => {
  const { clock, heard, owner, timers } = queues();
  const started = [...'abcd'].map((name) => timers.start(100, owner(name), 'deadline'));
  for (const index of stopped) started[index]?.stop();
  timers.start(100, owner('e'), 'deadline');
  await clock.advance(100);
  expect(heard).toEqual([...left, 'e'].map((name) => `${name} deadline`));
});

test('however many run, the clock has one timer for each duration', async () => {
  const { clock, heard, owner, timers } = queues();
  for (let each = 0; each < 1000; each++) timers.start(100, owner('x'), 'deadline');
  expect(clock.pending).toBe(1);
  await clock.advance(100);
  expect(heard).toHaveLength(1000);
});

test('an owner that throws affects its own timer only', () => {
  const callbacks: (() => void)[] = [];
  const clock = {
    monotonic: () => 100 * callbacks.length,
    after: (_: number, callback: () => void) => {
      callbacks.push(callback);
      return () => undefined;
    },
  };
  const { heard, owner } = queues();
  const timers = new TimerQueues(clock);
  const thrower = { expired: () => expect.unreachable('on purpose') };
  timers.start(100, thrower, 'deadline');
  timers.start(100, owner('a'), 'deadline');
  expect(() => callbacks[0]?.()).toThrow('on purpose');
  expect(heard).toEqual([]);
  callbacks[1]?.();
  expect(heard).toEqual(['a deadline']);
});

test('an owner may start and stop timers while others run out', async () => {
  const { clock, heard, owner, timers } = queues();
  timers.start(
    100,
    {
      expired: () => {
        second.stop();
        timers.start(100, owner('c'), 'deadline');
      },
    },
    'deadline',
  );
  const second = timers.start(100, owner('b'), 'deadline');
  await clock.advance(100);
  expect(heard).toEqual([]);
  await clock.advance(100);
  expect(heard).toEqual(['c deadline']);
});
