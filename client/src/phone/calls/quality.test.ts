import { describe, expect, test } from 'vitest';
import {
  type Direction,
  type Fault,
  type Grade,
  gradeOf,
  type Quality,
  qualityOf,
  type Reception,
  renewed,
  step,
  type Surroundings,
  UNWATCHED,
} from './quality.ts';

test.for<readonly [string, number, number, number, Grade]>([
  ['a quiet local network', 0, 2, 5, 'good'],
  ['the other side of the world', 0, 5, 280, 'good'],
  ['a satellite', 0, 10, 600, 'fair'],
  ['a lost packet in fifty', 0.02, 5, 40, 'fair'],
  ['one in ten', 0.1, 20, 60, 'poor'],
  ['a crowded radio', 0.04, 80, 400, 'poor'],
])('%s', ([, loss, jitterMs, roundTripMs, grade]) => {
  expect(gradeOf({ loss, jitterMs }, roundTripMs)).toBe(grade);
});

const CLEAR: Direction = { loss: 0, jitterMs: 2 };
const WEAK: Direction = { loss: 0.02, jitterMs: 5 };
const BAD: Direction = { loss: 0.2, jitterMs: 20 };
const quality = (grade: 'fair' | 'poor', fault: Fault): Quality => ({ grade, fault });

describe('whose fault it is', () => {
  const found = (
    incoming: Direction | null,
    outgoing: Direction | null,
    around: Partial<Surroundings> = {},
  ) =>
    qualityOf({ incoming, outgoing, roundTripMs: 40 }, { withServer: false, serverIsLate: false, ...around });

  test('nobody’s, where both directions are good', () => {
    expect(found(CLEAR, CLEAR)).toEqual({ grade: 'good' });
    expect(found(CLEAR, null)).toEqual({ grade: 'good' });
  });

  test('that of the sender, where one direction alone is bad', () => {
    expect(found(BAD, CLEAR)).toEqual(quality('poor', 'theirs'));
    expect(found(CLEAR, WEAK)).toEqual(quality('fair', 'ours'));
  });

  test('this side’s, where both are bad and the server is heard late too; else the other side’s', () => {
    expect(found(BAD, WEAK, { serverIsLate: true })).toEqual(quality('poor', 'ours'));
    expect(found(WEAK, BAD)).toEqual(quality('poor', 'theirs'));
    expect(found(WEAK, null)).toEqual(quality('fair', 'theirs'));
    expect(found(WEAK, null, { serverIsLate: true })).toEqual(quality('fair', 'ours'));
  });

  test('that of the line to the server, where the other end is the server', () => {
    expect(found(BAD, CLEAR, { withServer: true })).toEqual(quality('poor', 'server'));
  });
});

describe('what is said', () => {
  const AROUND: Surroundings = { withServer: false, serverIsLate: false };
  const look = (incoming: Direction, outgoing: Direction | null = CLEAR): Reception => ({
    incoming,
    outgoing,
    roundTripMs: 40,
  });
  const [good, fair, poor] = [look(CLEAR), look(WEAK), look(BAD)];
  const ours = look(CLEAR, BAD);
  /** Nothing new from the other end. */
  const unreported = look(CLEAR, null);
  const after = (...looks: readonly Reception[]) =>
    looks.reduce((watch, reception) => step(watch, reception, AROUND), UNWATCHED);
  const times = (count: number, reception: Reception): readonly Reception[] =>
    Array.from({ length: count }, () => reception);
  const GOOD: Quality = { grade: 'good' };
  const [FAIR, POOR, OURS] = [quality('fair', 'theirs'), quality('poor', 'theirs'), quality('poor', 'ours')];

  test.for<readonly [string, readonly Reception[], Quality | null]>([
    ['good, at once', [good], GOOD],
    ['nothing yet, after one bad look', [poor], null],
    ['poor, after two', [poor, poor], POOR],
    ['still good, after one bad look', [good, poor], GOOD],
    ['still good, where bad looks do not follow each other', [good, poor, good, poor, good, poor], GOOD],
    ['the milder, where two bad looks differ', [good, poor, fair], FAIR],
    ['still the milder, where they go on to differ', [good, poor, fair, poor, fair, poor], FAIR],
    ['still poor, after three better looks', [poor, poor, good, good, good], POOR],
    ['good, after four', [poor, poor, ...times(4, good)], GOOD],
    ['fair, after four better looks', [poor, poor, ...times(4, fair)], FAIR],
    ['fair, where one of the four was', [poor, poor, good, fair, good, good], FAIR],
    ['whose fault it is now, after two looks', [poor, poor, ours, ours], OURS],
    ['what the other end reported last, until it reports anew', [good, ours, ...times(3, unreported)], OURS],
    ['good, when it reports so', [good, ours, unreported, good, ...times(3, unreported)], GOOD],
    ['good, where it reports no more', [good, ours, ...times(11, unreported)], GOOD],
  ])('%s', ([, looks, expected]) => {
    expect(after(...looks).said).toEqual(expected);
  });

  test('what was seen of another path does not count', () => {
    const anew = renewed(after(good, ours));
    expect(anew.said).toEqual(GOOD);
    expect(step(anew, unreported, AROUND).said).toEqual(GOOD);
    expect(step(renewed(after(good, poor)), poor, AROUND).said).toEqual(GOOD);
  });
});
