import { expect, test } from 'vitest';
import { SimulatedClock } from '../world/simulated-clock.ts';
import { ServerWatch } from './server-watch.ts';

/** A registered phone, and when it doubted its line (milliseconds). */
function watching() {
  const clock = new SimulatedClock(0);
  const doubts: number[] = [];
  const phone = { isAsleep: false };
  const watch = new ServerWatch({
    clock,
    isAsleep: () => phone.isAsleep,
    doubt: () => doubts.push(clock.monotonic()),
  });
  watch.begin();
  const runTo = (ms: number): void => {
    while (clock.step(ms));
  };
  const pulsesTo = (ms: number, registered = true): void => {
    for (let at = clock.monotonic() + 5_000; at <= ms; at += 5_000) {
      runTo(at);
      watch.told({ kind: 'pulse', at, registered });
    }
  };
  return { phone, watch, doubts, runTo, pulsesTo };
}

test('a server that is silent for 12 s is doubted, once', () => {
  const { doubts, runTo, pulsesTo } = watching();
  pulsesTo(60_000);
  runTo(300_000);
  expect(doubts).toEqual([72_000]);
});

test('a server that goes on saying that the phone is not registered is doubted 12 s after it first said so', () => {
  const { doubts, pulsesTo } = watching();
  pulsesTo(60_000);
  pulsesTo(75_000, false);
  expect(doubts).toEqual([]);
  pulsesTo(80_000, false);
  expect(doubts).toEqual([77_000]);
});

test('one that says so for less than that is not', () => {
  const { doubts, pulsesTo } = watching();
  pulsesTo(10_000, false);
  pulsesTo(60_000);
  expect(doubts).toEqual([]);
});

test('a phone that sleeps notices nothing, and one without a line watches nothing', () => {
  const { phone, watch, doubts, runTo } = watching();
  phone.isAsleep = true;
  runTo(40_000);
  expect(doubts).toEqual([]);
  phone.isAsleep = false;
  runTo(60_000);
  expect(doubts).toEqual([48_000]);
  watch.begin();
  watch.end();
  runTo(300_000);
  expect(doubts).toEqual([48_000]);
});
