import type { CallAttempt, CallLeg, CallRecord, RecordedParty } from '@perch/shared';
import { expect, test } from 'vitest';
import { timelineOf } from './timeline.ts';

const SECOND = 1_000;
const party = (number: string, name: string, given: Partial<RecordedParty> = {}): RecordedParty => ({
  ...{ extension: `id-${number}`, number, name, terminal: `phone-${number}`, desk: null },
  ...given,
});
const ben = party('102', 'Ben');
const atDesk = party('101', 'Ada', {
  ...{ terminal: 'phone-201', desk: { number: '201', name: 'Front desk', since: 5 } },
});
const attempt = (who: RecordedParty, given: Partial<CallAttempt> = {}): CallAttempt => ({
  ...who,
  ...{ at: 0, rangAt: null, endedAt: 25 * SECOND, result: 'no-answer', by: null, occupant: null },
  ...given,
});
const leg = (who: RecordedParty, given: Partial<CallLeg> = {}): CallLeg => ({
  ...who,
  ...{ side: 'caller', joined: 'called', from: 5 * SECOND, until: 65 * SECOND, left: 'ended' },
  ...{ talkMs: 60 * SECOND, holdMs: 0, waitMs: 0 },
  ...given,
});
const record = (given: Partial<CallRecord>): CallRecord => ({
  ...{
    id: 'c',
    startedAt: 0,
    dialled: '101',
    external: false,
    emergency: false,
    caller: ben,
    callee: atDesk,
  },
  ...{ attempts: [], legs: [], parts: [], rangAt: null, answeredAt: null, endedAt: 25 * SECOND },
  ...{ ringMs: 25 * SECOND, talkMs: 0, holdMs: 0, mailboxMs: 0, result: 'no-answer', endedBy: null },
  ...{ reason: null, transferredFrom: null, transferredTo: null, mailbox: null },
  ...given,
});

test('a call that rang at a desk, and went to the mailbox', () => {
  const visit = { number: '101', name: 'Ada', from: 25 * SECOND, until: 40 * SECOND };
  const mailbox = { ...visit, message: { id: 'm', durationMs: 9 * SECOND } };
  expect(timelineOf(record({ attempts: [attempt(atDesk)], mailbox }))).toMatchObject([
    { at: 0, kind: 'called', who: { name: 'Ben' }, dialled: '101' },
    { at: 0, kind: 'guest', who: { number: '101' }, desk: 'Front desk', since: 5 },
    { at: 25 * SECOND, kind: 'result', result: 'no-answer', ms: 25 * SECOND },
    { at: 25 * SECOND, kind: 'mailbox', messageMs: 9 * SECOND },
  ]);
});

test('who sends a call to a mailbox is named before the mailbox answers, though they are told after it', () => {
  const chloe = party('103', 'Chloe', { terminal: null });
  const sent = attempt(chloe, { at: 9_010, endedAt: 9_010, result: 'offline', by: atDesk });
  const mailbox = { number: '103', name: 'Chloe', from: 9_000, until: 12_000, message: null };
  const steps = timelineOf(record({ answeredAt: 1_000, attempts: [sent], mailbox, result: 'answered' }));
  expect(steps.map(({ kind }) => kind)).toEqual(['called', 'transferred', 'result', 'mailbox', 'over']);
});

test('a call that rang nowhere says who was on the phone', () => {
  const occupant = { number: '104', name: 'Dev', since: 3 };
  const nowhere = attempt(party('101', 'Ada', { terminal: null }), {
    endedAt: 0,
    result: 'homeless',
    occupant,
  });
  expect(timelineOf(record({ attempts: [nowhere], result: 'homeless' })).map(({ kind }) => kind)).toEqual([
    'called',
    'homeless',
  ]);
  expect(timelineOf(record({ callee: null, result: 'no-such-number' })).at(-1)).toMatchObject({
    kind: 'no-call',
  });
});

test('a call that was transferred has its steps in their order, and who hung up', () => {
  const chloe = party('103', 'Chloe');
  const steps = timelineOf(
    record({
      ...{ answeredAt: 5 * SECOND, endedAt: 65 * SECOND, result: 'answered', endedBy: chloe },
      attempts: [
        attempt(atDesk, { endedAt: 5 * SECOND, result: 'answered' }),
        attempt(chloe, { at: 20 * SECOND, endedAt: 24 * SECOND, result: 'answered', by: atDesk }),
      ],
      legs: [
        leg(ben),
        leg(atDesk, { until: 24 * SECOND }),
        leg(chloe, { joined: 'transferred', from: 24 * SECOND }),
      ],
    }),
  );
  expect(steps.map(({ kind }) => kind)).toEqual([
    ...['called', 'guest', 'result', 'transferred', 'home', 'result', 'ended'],
  ]);
  expect(steps.at(-1)).toMatchObject({ who: { name: 'Chloe' }, ms: 60 * SECOND });
});

test('a call that was claimed says so at its end, and from whom', () => {
  const desk = { number: '201', name: 'Front desk' };
  const claimed = { by: { number: '102', name: 'Ben' }, from: desk, at: 90 * SECOND };
  expect(timelineOf(record({ claimed })).at(-1)).toEqual({
    ...{ at: 90 * SECOND, kind: 'claimed', who: claimed.by, from: desk },
  });
});
