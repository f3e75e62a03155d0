import { expect, test } from 'vitest';
import { VirtualClock } from '../../world/virtual-clock.ts';
import type { MediaClock } from '../clock.ts';
import { Pacer } from './pacer.ts';

function failing(error: unknown): never {
  throw error;
}

/** A clock whose timers come late, each by the next of `delays`. */
function lateClock(clock: VirtualClock, delays: readonly number[]): MediaClock {
  let i = 0;
  return {
    monotonic: () => clock.monotonic(),
    after: (ms, callback) => clock.after(ms + (delays[i++ % delays.length] ?? 0), callback),
  };
}

test('every frame comes once, in order, 20 ms apart', async () => {
  const clock = new VirtualClock();
  const pacer = new Pacer(clock, failing);
  const seen: [number, number][] = [];
  const start = clock.monotonic();
  pacer.subscribe((frame) => seen.push([frame, clock.monotonic() - start]));
  await clock.advance(100);
  expect(seen).toEqual([1, 2, 3, 4, 5].map((frame) => [frame, frame * 20]));
});

test('late timers do not add up: after ten minutes no frame is missing', async () => {
  const clock = new VirtualClock();
  const pacer = new Pacer(lateClock(clock, [0, 3, 7, 1, 19, 45]), failing);
  const frames: number[] = [];
  pacer.subscribe((frame) => frames.push(frame));
  await clock.advance(600_000);
  expect(frames.at(-1)).toBeGreaterThanOrEqual(30_000 - 3);
  expect(frames).toEqual(frames.map((_, i) => i + 1));
});

test('after a standstill there is no burst of everything missed', async () => {
  const clock = new VirtualClock();
  const pacer = new Pacer(lateClock(clock, [5000, 0]), failing);
  const frames: number[] = [];
  pacer.subscribe((frame) => frames.push(frame));
  await clock.advance(5020);
  expect(frames).toEqual(Array.from({ length: 10 }, (_, i) => 242 + i));
});

test('a subscriber that throws is reported and does not stop the others', async () => {
  const clock = new VirtualClock();
  const failures: unknown[] = [];
  const pacer = new Pacer(clock, (error) => failures.push(error));
  const frames: number[] = [];
  pacer.subscribe(() => failing('broken'));
  pacer.subscribe((frame) => frames.push(frame));
  await clock.advance(60);
  expect(frames).toEqual([1, 2, 3]);
  expect(failures).toEqual(['broken', 'broken', 'broken']);
});

test('without subscribers no timer runs, and frames are counted all the same', async () => {
  const clock = new VirtualClock();
  const pacer = new Pacer(clock, failing);
  const stop = pacer.subscribe(() => undefined);
  await clock.advance(50);
  stop();
  expect(clock.pending).toBe(0);
  await clock.advance(950);
  expect(pacer.frame).toBe(50);
});

test('a subscriber that leaves and returns while it is called is served once a frame', async () => {
  const clock = new VirtualClock();
  const pacer = new Pacer(clock, failing);
  const frames: number[] = [];
  let stop = pacer.subscribe(() => {
    stop();
    stop = pacer.subscribe((frame) => frames.push(frame));
  });
  await clock.advance(100);
  expect(new Set(frames).size).toBe(frames.length);
  expect(clock.pending).toBe(1);
});
