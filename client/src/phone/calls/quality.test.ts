import { describe, expect, test } from 'vitest';
import {
  type Direction,
  type Fault,
  type Grade,
  gradeOf,
  type Quality,
  qualityOf,
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
  const good: Quality = { grade: 'good' };
  const fair = quality('fair', 'theirs');
  const poor = quality('poor', 'theirs');
  const ours = quality('poor', 'ours');
  const said = (...looks: readonly Quality[]) => looks.reduce(step, UNWATCHED).said;

  test.for<readonly [string, readonly Quality[], Quality | null]>([
    ['good, at once', [good], good],
    ['nothing yet, after one bad look', [poor], null],
    ['poor, after two', [poor, poor], poor],
    ['still good, after one bad look', [good, poor], good],
    ['still good, where bad looks do not follow each other', [good, poor, good, poor, good, poor], good],
    ['still good, where two bad looks differ', [good, poor, fair], good],
    ['still poor, after three better looks', [poor, poor, good, good, good], poor],
    ['good, after four', [poor, poor, good, good, good, good], good],
    ['fair, after four better looks', [poor, poor, fair, fair, fair, fair], fair],
    ['whose fault it is now, after two looks', [poor, poor, ours, ours], ours],
  ])('%s', ([, looks, expected]) => {
    expect(said(...looks)).toEqual(expected);
  });
});
