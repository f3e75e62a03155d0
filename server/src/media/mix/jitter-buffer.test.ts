import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JitterBuffer } from './jitter-buffer.ts';

const FRAME = 160;
/** Packets of 20 ms of PCMU, each with its number as its first octet. */
const packet = (number: number): Uint8Array => new Uint8Array(FRAME).fill(number);
const buffer = (): JitterBuffer => new JitterBuffer(8000, (payload) => payload.length);

/** Each 20 ms, what comes is added and one thing is taken: packets by their number. */
function run(arrivals: readonly (readonly number[])[], from = 0) {
  const jitter = buffer();
  return arrivals.map((numbers) => {
    for (const number of numbers) jitter.add((from + number * FRAME) >>> 0, packet(number));
    const taken = jitter.take();
    return taken instanceof Uint8Array ? taken[0] : taken === undefined ? 'silence' : 'lost';
  });
}

test('sound begins once 40 ms of it are there', () => {
  expect(run([[], [0], [1], [2], [3]])).toEqual(['silence', 'silence', 0, 1, 2]);
});

test('packets come out in their order, each once', () => {
  expect(run([[0], [2, 1], [1], [4, 3], [5]])).toEqual(['silence', 0, 1, 2, 3]);
});

test('timestamps may wrap', () => {
  expect(run([[0], [1], [2], [3]], 2 ** 32 - FRAME)).toEqual(['silence', 0, 1, 2]);
});

test('one that is missing is concealed, and the others keep their time', () => {
  expect(run([[0], [1], [3], [4], [5]])).toEqual(['silence', 0, 1, 'lost', 3]);
});

test('a source that is late is waited for, and nothing of it is lost', () => {
  expect(run([[0], [1], [], [], [2, 3], [4]])).toEqual(['silence', 0, 1, 'lost', 2, 3]);
});

test('a source that falls silent begins anew', () => {
  const silent = Array<number[]>(10).fill([]);
  const heard = run([[0], [1], ...silent, [40], [41], [42]]);
  expect(heard.slice(0, 3)).toEqual(['silence', 0, 1]);
  expect(heard.slice(-4)).toEqual(['silence', 'silence', 40, 41]);
});

test('a source with another time line is followed', () => {
  const jitter = buffer();
  for (const number of [0, 1]) jitter.add(number * FRAME, packet(number));
  jitter.take();
  for (const number of [2, 3]) jitter.add(1e9 + number * FRAME, packet(number));
  expect(jitter.take()).toEqual(packet(2));
});

test('after a stall, what comes at once is cut to 100 ms', () => {
  const jitter = buffer();
  for (const number of [0, 1]) jitter.add(number * FRAME, packet(number));
  jitter.take();
  for (let number = 2; number < 30; number++) {
    jitter.add(number * FRAME, packet(number));
    expect(jitter.waitingMs).toBeLessThanOrEqual(200);
  }
  jitter.take();
  expect(jitter.waitingMs).toBeLessThanOrEqual(200);
});

test('what waits without need for two seconds is left out in a silence', () => {
  const jitter = buffer();
  for (const number of [0, 1, 2, 3, 4]) jitter.add(number * FRAME, packet(number));
  let shortened = 0;
  for (let number = 5; number < 500; number++) {
    jitter.take();
    jitter.add(number * FRAME, packet(number));
    if (jitter.shorten()) shortened++;
  }
  expect(shortened).toBeGreaterThan(0);
  expect(jitter.waitingMs).toBeLessThanOrEqual(60);
});

describe('whatever comes', () => {
  test('it gives back only what came, in order, and never keeps more than 200 ms', () => {
    const arrivals = fc.array(fc.array(fc.nat({ max: 60 }), { maxLength: 4 }), { maxLength: 80 });
    fc.assert(
      fc.property(arrivals, (ticks) => {
        const jitter = buffer();
        let last = -1;
        let misses = 0;
        for (const numbers of ticks) {
          for (const number of numbers) jitter.add(number * FRAME, packet(number));
          expect(jitter.waitingMs).toBeLessThanOrEqual(200);
          const taken = jitter.take();
          if (taken instanceof Uint8Array) {
            const number = taken[0] ?? -1;
            // After a silence of 100 ms a source may begin anew, anywhere.
            if (misses < 5) expect(number).toBeGreaterThan(last);
            last = number;
            misses = 0;
          } else misses++;
        }
      }),
    );
  });
});
