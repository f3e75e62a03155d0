import type { CallAttempt, CallRecord, CallResult, MailboxVisit } from '@perch/shared';
import type { Reason } from '../../../sip/user-agent/leg.ts';
import { REASONS, refusalFor } from '../outcome.ts';
import type { CallAccount } from './account.ts';
import { partsOf } from './parts.ts';

const CLEARED: Reason = { protocol: 'Q.850', cause: 16, text: 'Normal call clearing' };

/** What a record says beside the account of its call. */
interface RecordFacts {
  readonly id: string;
  readonly emergency: boolean;
  readonly result: CallResult;
  readonly mailbox: MailboxVisit | null;
}

/** The record of a call that is over. The times in it add up to the call. */
export function callRecordOf(
  account: CallAccount,
  { id, emergency, result, mailbox }: RecordFacts,
): CallRecord {
  const { startedAt, dialled, caller, callee, attempts, legs, answeredAt, talkMs, holdMs } = account;
  const { countedAt: overAt, endedBy, reason, transferredFrom, transferredTo } = account;
  const endedAt = mailbox === null ? overAt : Math.max(overAt, mailbox.until);
  return {
    id,
    startedAt,
    dialled,
    external: false,
    emergency,
    caller,
    callee,
    attempts: [...attempts],
    legs: [...legs],
    parts: partsOf(account),
    rangAt: rangAt(attempts),
    answeredAt,
    endedAt,
    ringMs: (answeredAt ?? overAt) - startedAt,
    talkMs,
    holdMs,
    mailboxMs: account.mailboxMs + endedAt - overAt,
    result,
    endedBy,
    reason: reason ?? defaultReason(result),
    transferredFrom,
    transferredTo,
    mailbox,
  };
}

const rangAt = (attempts: readonly CallAttempt[]): number | null =>
  attempts.find((attempt) => attempt.rangAt !== null)?.rangAt ?? null;

/** As our own phones are told where none has said anything else. */
function defaultReason(result: CallResult): Reason {
  switch (result) {
    case 'answered':
      return CLEARED;
    case 'cancelled':
      return REASONS.cancelled;
    case 'lost':
      return REASONS.lost;
    case 'transferred':
      return REASONS.transferred;
    default:
      return refusalFor(result).reason;
  }
}
