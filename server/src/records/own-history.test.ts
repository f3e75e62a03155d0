import type { CallRecord, PastCall } from '@perch/shared';
import { expect, test } from 'vitest';
import { pastCallOf } from './own-history.ts';
import { aCall, anAttempt, at, madePart } from './support/test-records.ts';

const [ada, ben, chloe] = ['extension-101', 'extension-102', 'extension-103'];
const message = { number: '102', name: 'Number 102', from: 2_000, until: 9_000 };
const unanswered = (given: Partial<CallRecord> = {}): CallRecord =>
  aCall('one', {
    ...{ legs: [], answeredAt: null, result: 'no-answer', endedAt: 9_000 },
    attempts: [anAttempt('102', { rangAt: 1_100 })],
    parts: [
      madePart('101', { other: ben }),
      madePart('102', { role: 'callee', result: 'missed', other: ada, ringMs: 900 }),
    ],
    mailbox: { ...message, message: { id: 'm', durationMs: 5_000 } },
    ...given,
  });

test.for<readonly [string, CallRecord, string, Partial<PastCall>]>([
  [
    'a call that was made and answered',
    aCall('one'),
    ada,
    { direction: 'out', result: 'answered', ms: 1_000, with: { number: '102', name: 'Number 102' } },
  ],
  [
    'the same for the one who took it',
    aCall('one'),
    ben,
    {
      ...{ direction: 'in', result: 'answered', ms: 1_000, with: { number: '101', name: 'Number 101' } },
      desk: { number: '102', name: 'Number 102' },
    },
  ],
  ['a missed call with a message', unanswered(), ben, { result: 'missed', ms: null, messageMs: 5_000 }],
  ['the same for the caller', unanswered(), ada, { result: 'not-reached', ms: null, messageMs: 5_000 }],
  [
    'a message that was left for somebody else',
    unanswered({
      mailbox: { ...message, number: '103', message: { id: 'm', durationMs: 5_000 } },
    }),
    ben,
    { messageMs: null },
  ],
  [
    'a withheld number',
    unanswered({ caller: { ...at('101'), withheld: true } }),
    ben,
    { with: { number: 'anonymous', name: '' } },
  ],
  [
    'a withheld number to which nothing leads',
    unanswered({
      caller: { ...at('101'), withheld: true },
      parts: [madePart('102', { role: 'callee', result: 'missed', other: null })],
    }),
    ben,
    { with: { number: 'anonymous', name: '' } },
  ],
  [
    'somebody with a withheld number who was put through to a call that one has made',
    aCall('one', {
      legs: aCall('').legs.map((leg) =>
        leg.side === 'caller' ? leg : { ...leg, ...at('103'), withheld: true },
      ),
      parts: [madePart('101', { other: chloe })],
    }),
    ada,
    { direction: 'out', with: { number: 'anonymous', name: '' } },
  ],
  [
    'one’s own withheld call',
    unanswered({ caller: { ...at('101'), withheld: true } }),
    ada,
    { with: { number: '102', name: 'Number 102' } },
  ],
  [
    'a number that is nobody’s',
    unanswered({ callee: null, dialled: '999', parts: [madePart('101')], mailbox: null }),
    ada,
    { result: 'not-reached', with: { number: '999', name: '' } },
  ],
  [
    'a call that others had begun',
    aCall('one', {
      legs: aCall('').legs.map((leg) => (leg.side === 'caller' ? leg : { ...leg, ...at('103') })),
      parts: [madePart('103', { role: 'joined', other: ada, talkMs: 700, holdMs: 200, waitMs: 100 })],
    }),
    chloe,
    { direction: 'joined', result: 'answered', ms: 1_000, with: { number: '101', name: 'Number 101' } },
  ],
  [
    'a call that was declined',
    unanswered({ parts: [madePart('102', { role: 'callee', result: 'declined', other: ada })] }),
    ben,
    { result: 'declined' },
  ],
])('%s', ([, record, extension, expected]) => {
  expect(pastCallOf(record, extension, false)).toMatchObject(expected);
});

test('that a call from a withheld number has been returned is not told', () => {
  const withheld = unanswered({ caller: { ...at('101'), withheld: true } });
  expect(pastCallOf(withheld, ben, true)?.returned).toBe(false);
  expect(pastCallOf(unanswered(), ben, true)?.returned).toBe(true);
});

test('a call in which an extension had no part is not in its history', () => {
  expect(pastCallOf(aCall('one'), 'extension-999', false)).toBeUndefined();
});
