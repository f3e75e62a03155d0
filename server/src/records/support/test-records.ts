import {
  type CallAttempt,
  type CallLeg,
  type CallPart,
  type CallRecord,
  type RecordedParty,
} from '@perch/shared';

/** For tests: somebody at their own phone. */
export const at = (number: string, extension = `extension-${number}`): RecordedParty => ({
  ...{ extension, number, name: `Number ${number}`, terminal: `phone-${number}`, desk: null },
});

/** For tests: the part of an extension in a call that it made. */
export const madePart = (number: string, given: Partial<CallPart> = {}): CallPart => {
  const { extension, name, terminal } = at(number);
  return {
    ...{ extension: extension ?? '', number, name, terminal, station: { number, name } },
    ...{ role: 'caller', result: null, other: null, ringMs: null, talkMs: 0, holdMs: 0, waitMs: 0 },
    transferred: false,
    ...given,
  };
};

/** For tests: an attempt at ringing somebody. */
export const anAttempt = (number: string, given: Partial<CallAttempt> = {}): CallAttempt => ({
  ...at(number),
  ...{ at: 1_000, rangAt: null, endedAt: 1_000, result: 'no-answer', by: null, occupant: null },
  ...given,
});

/** For tests: somebody who talked for a second. */
const aLeg = (number: string, given: Partial<CallLeg> = {}): CallLeg => ({
  ...at(number),
  ...{ side: 'caller', joined: 'called', from: 2_000, until: 3_000, left: 'ended' },
  ...{ talkMs: 1_000, holdMs: 0, waitMs: 0 },
  ...given,
});

/** For tests: the record of a call of 101 to 102, who talked for a second. */
export const aCall = (id: string, given: Partial<CallRecord> = {}): CallRecord => ({
  ...{ id, startedAt: 1_000, dialled: '102', external: false, emergency: false },
  ...{ caller: at('101'), callee: at('102') },
  attempts: [anAttempt('102', { rangAt: 1_100, endedAt: 2_000, result: 'answered' })],
  legs: [aLeg('101'), aLeg('102', { side: 'callee', joined: 'answered' })],
  parts: [
    madePart('101', { other: 'extension-102', talkMs: 1_000 }),
    madePart('102', {
      ...{ role: 'callee', result: 'handled', other: 'extension-101', ringMs: 1_000, talkMs: 1_000 },
    }),
  ],
  ...{ rangAt: 1_100, answeredAt: 2_000, endedAt: 3_000 },
  ...{ ringMs: 1_000, talkMs: 1_000, holdMs: 0, mailboxMs: 0 },
  ...{ result: 'answered', endedBy: null, reason: null },
  ...{ transferredFrom: null, transferredTo: null, mailbox: null },
  ...given,
});
