import { type CallRecord, CLAIM_WINDOW_MS } from '@perch/shared';
import { expect, test } from 'vitest';
import { aCall, at, madePart } from '../../../records/support/test-records.ts';
import { claimedBy, isClaimable } from './claim.ts';

const SINCE = 10_000_000;
const desk = at('201');
const ada = { extension: 'extension-101', number: '101', name: 'Ada' };

/** A call of the desk to 102. */
const made = (given: Partial<CallRecord> = {}): CallRecord => {
  const { legs, parts, ...call } = aCall('made', { startedAt: SINCE - 60_000, caller: desk });
  const [own, other] = legs;
  const [, callee] = parts;
  if (own === undefined || other === undefined || callee === undefined) throw new Error('two took part');
  return {
    ...call,
    legs: [{ ...own, ...desk }, other],
    parts: [
      madePart('201', { other: 'extension-102', talkMs: 1_000 }),
      { ...callee, other: 'extension-201' },
    ],
    endedBy: { number: '201', name: 'Number 201' },
    ...given,
  };
};
const mayClaim = (record: CallRecord, extension = ada.extension) =>
  isClaimable(record, desk, { extension }, SINCE);

test.for<[string, boolean, CallRecord]>([
  ['made before the stay', true, made()],
  ['ten minutes before', true, made({ startedAt: SINCE - CLAIM_WINDOW_MS })],
  ['earlier', false, made({ startedAt: SINCE - CLAIM_WINDOW_MS - 1 })],
  ['during the stay', false, made({ startedAt: SINCE })],
  ['made elsewhere', false, made({ caller: { ...desk, terminal: 'another' } })],
  ['made by another guest', false, made({ caller: at('102') })],
  ['a call for help', false, made({ emergency: true })],
  ['claimed before', false, claimedBy(made(), ada, SINCE)],
  ['a call to nobody, which counts for no one', false, made({ parts: [] })],
])('a call can be claimed: %s, %s', ([, expected, record]) => {
  expect(mayClaim(record)).toBe(expected);
});

test('nobody claims a call to themselves', () => {
  expect(mayClaim(made(), 'extension-102')).toBe(false);
});

test('the caller is the claimant, at the desk; the course of the call is as it was, and the trace says who was recorded before', () => {
  const before = made();
  const after = claimedBy(before, ada, SINCE + 5);
  const adaAtDesk = {
    ...ada,
    terminal: desk.terminal,
    desk: { number: '201', name: 'Number 201', since: null },
  };
  expect(after.caller).toEqual(adaAtDesk);
  expect(after.legs).toEqual([{ ...before.legs[0], ...adaAtDesk }, before.legs[1]]);
  expect(after.parts).toEqual([
    { ...before.parts[0], ...ada },
    { ...before.parts[1], other: ada.extension },
  ]);
  expect(after.endedBy).toEqual({ number: '101', name: 'Ada' });
  expect(after.claimed).toEqual({
    by: { number: '101', name: 'Ada' },
    from: { number: '201', name: 'Number 201' },
    at: SINCE + 5,
  });
  const { caller, legs, parts, endedBy } = before;
  expect({ ...after, caller, legs, parts, endedBy, claimed: undefined }).toEqual(before);
});
