import { expect, test } from 'vitest';
import { Readiness } from './readiness.ts';
import { VirtualClock } from './world/virtual-clock.ts';

const FULL = 'The data folder cannot be written: the disk is full.';

function house() {
  const clock = new VirtualClock();
  const disk: { trouble: string | undefined } = { trouble: undefined };
  const told: string[] = [];
  let looks = 0;
  const look = async () => {
    looks += 1;
    return disk.trouble;
  };
  const journal = {
    unready: (reason: string) => void told.push(reason),
    readyAgain: () => void told.push('ready again'),
  };
  const readiness = new Readiness(look, clock, journal);
  return { clock, disk, told, readiness, looks: () => looks };
}

test('the log is told once that nothing can be written, and once that it can be again, also where nobody asks', async () => {
  const { clock, disk, told, readiness } = house();
  await clock.advance(60_000);
  expect([told, await readiness.trouble()]).toEqual([[], undefined]);
  disk.trouble = FULL;
  await clock.advance(60_000);
  expect([told, await readiness.trouble()]).toEqual([[FULL], FULL]);
  disk.trouble = undefined;
  await clock.advance(60_000);
  expect([told, await readiness.trouble()]).toEqual([[FULL, 'ready again'], undefined]);
});

test('a server that stops is not ready, whatever its disk is like, and looks at it no more', async () => {
  const { clock, told, readiness, looks } = house();
  await clock.advance(10_000);
  readiness.stopping();
  await clock.advance(60_000);
  expect([await readiness.trouble(), looks(), told]).toEqual(['The server is stopping.', 1, []]);
  expect(clock.pending).toBe(0);
});
