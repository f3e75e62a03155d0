import { expect, test } from 'vitest';
import { evenTime } from './even-time.ts';
import { VirtualClock } from './virtual-clock.ts';

/** A clock whose wall is set by the test. */
function settable() {
  const clock = new VirtualClock(1_000_000);
  const wall = { ahead: 0 };
  return {
    clock,
    wall,
    set: {
      ...clock,
      now: () => clock.now() + wall.ahead,
      monotonic: () => clock.monotonic() / 7,
      after: clock.after.bind(clock),
    },
  };
}

test('begins by the wall clock and runs evenly when that is set', async () => {
  const { clock, wall, set } = settable();
  const now = evenTime(set);
  expect(now()).toBe(1_000_000);
  wall.ahead = -3_600_000;
  await clock.advance(70);
  expect(now()).toBe(1_000_010);
  wall.ahead = 3_600_000;
  await clock.advance(70);
  expect(now()).toBe(1_000_020);
});

test('does not begin before something that has been', () => {
  const { set } = settable();
  expect(evenTime(set, 2_000_000)()).toBe(2_000_000);
  expect(evenTime(set, 5)()).toBe(1_000_000);
});
