import { expect, test } from 'vitest';
import { every } from './every.ts';
import { VirtualClock } from './virtual-clock.ts';

test('calls back each time the interval has passed, until it is ended', async () => {
  const clock = new VirtualClock(0);
  const at: number[] = [];
  const end = every(clock, 100, () => at.push(clock.now()));
  await clock.advance(350);
  expect(at).toEqual([100, 200, 300]);
  end();
  await clock.advance(1_000);
  expect(at).toHaveLength(3);
  expect(clock.pending).toBe(0);
});

test('may be ended by its own callback', async () => {
  const clock = new VirtualClock(0);
  let calls = 0;
  const end = every(clock, 100, () => {
    calls++;
    end();
  });
  await clock.advance(1_000);
  expect([calls, clock.pending]).toEqual([1, 0]);
});
