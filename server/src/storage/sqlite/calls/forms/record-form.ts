import type { CallClaim, CallRecord, CallResult, MailboxVisit } from '@perch/shared';
import { type AttemptForm, attemptForm, attemptIn, type LegForm, legForm, legIn } from './course.ts';
import { sinceStart, timeAt } from './course.ts';
import { type NamedForm, namedIn, type PartiesForm, partyAt, PartyPlaces } from './parties.ts';
import { type FiledPart, filedPartIn, type PartForm, partForm, partIn } from './part-form.ts';

/**
 * A call record as it is stored: lists without names, in which each party stands once and times count from the start of the call. It is less
 * than half as long as the record as an object, and its length is most of what it costs. Records of before are stored as objects: `readRecord` reads either.
 */
export type RecordForm = readonly [
  version: 1,
  id: string,
  startedAt: number,
  dialled: string,
  external: 0 | 1,
  emergency: 0 | 1,
  parties: PartiesForm,
  caller: number,
  callee: number | null,
  course: readonly [attempts: readonly AttemptForm[], legs: readonly LegForm[], parts: readonly PartForm[]],
  times: readonly [rangAt: number | null, answeredAt: number | null, endedAt: number],
  durations: readonly [ringMs: number, talkMs: number, holdMs: number, mailboxMs: number],
  result: CallResult,
  endedBy: NamedForm,
  reason: CallRecord['reason'],
  transfers: readonly [from: string | null, to: string | null],
  mailbox: MailboxVisit | null,
  /** Only where somebody has claimed it. */
  claimed?: CallClaim,
];

export function recordForm(record: CallRecord): RecordForm {
  const { startedAt: start, attempts, legs, parts } = record;
  const places = new PartyPlaces();
  const form = [
    1,
    record.id,
    start,
    record.dialled,
    record.external ? 1 : 0,
    record.emergency ? 1 : 0,
    places.all,
    places.of(record.caller),
    record.callee === null ? null : places.of(record.callee),
    [
      attempts.map((attempt) => attemptForm(places, start, attempt)),
      legs.map((leg) => legForm(places, start, leg)),
      parts.map((part) => partForm(places, part)),
    ],
    [sinceStart(start, record.rangAt), sinceStart(start, record.answeredAt), record.endedAt - start],
    [record.ringMs, record.talkMs, record.holdMs, record.mailboxMs],
    record.result,
    places.named(record.endedBy),
    record.reason,
    [record.transferredFrom, record.transferredTo],
    record.mailbox,
  ] as const;
  return record.claimed === undefined ? form : [...form, record.claimed];
}

function recordIn(form: RecordForm): CallRecord {
  const [, id, start, dialled, external, emergency, parties, caller, callee, course, ...rest] = form;
  const [times, durations, result, endedBy, reason, transfers, mailbox, claimed] = rest;
  const [attempts, legs, parts] = course;
  const [ringMs, talkMs, holdMs, mailboxMs] = durations;
  return {
    ...{ id, startedAt: start, dialled, external: external === 1, emergency: emergency === 1 },
    caller: partyAt(parties, caller),
    callee: callee === null ? null : partyAt(parties, callee),
    attempts: attempts.map((attempt) => attemptIn(parties, start, attempt)),
    legs: legs.map((leg) => legIn(parties, start, leg)),
    parts: parts.map((part) => partIn(parties, part)),
    rangAt: timeAt(start, times[0]),
    answeredAt: timeAt(start, times[1]),
    endedAt: start + times[2],
    ...{ ringMs, talkMs, holdMs, mailboxMs, result, reason, mailbox },
    endedBy: namedIn(parties, endedBy),
    transferredFrom: transfers[0],
    transferredTo: transfers[1],
    ...(claimed !== undefined && { claimed }),
  };
}

/** A record in any form in which it was ever stored since it has attempts and legs. */
export type StoredRecord = RecordForm | CallRecord;

export const readRecord = (stored: StoredRecord): CallRecord => ('id' in stored ? stored : recordIn(stored));

/** What of a record stands in rows beside it. */
export interface FiledRecord extends Pick<CallRecord, 'startedAt' | 'result' | 'external'> {
  readonly parts: readonly FiledPart[];
}

/** That alone: less than half the work of reading all of it. */
export function filedIn(stored: StoredRecord): FiledRecord {
  if ('id' in stored) return stored;
  const [, , startedAt, , external, , parties, , , [, , parts], , , result] = stored;
  return {
    startedAt,
    result,
    external: external === 1,
    parts: parts.map((part) => filedPartIn(parties, part)),
  };
}
