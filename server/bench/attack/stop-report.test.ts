import { expect, test } from 'vitest';
import { stopExcesses, stopSentence } from './stop-report.ts';

const KEPT = { calls: 50, refused: 50, stopMs: 75.6, startMs: 1_955, ended: 50 };

test('a stop is told in a sentence', () => {
  expect(stopSentence(KEPT)).toBe(
    'stopped by SIGTERM with 50 calls up, the process had ended after 76 ms and served again 2.0 s later; of as many new calls ' +
      'meanwhile 50 were refused; 50 of those that were up could be hung up afterwards, for both sides',
  );
});

test('every new call is refused, and none that is up is lost', () => {
  expect(stopExcesses(KEPT)).toEqual([]);
  expect(stopExcesses({ ...KEPT, refused: 49, ended: 47 })).toEqual([
    'graceful-stop: 1 new calls were taken',
    'graceful-stop: 3 calls were lost',
  ]);
});
