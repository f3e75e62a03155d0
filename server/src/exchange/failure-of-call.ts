import type { CallId } from '@perch/shared';
import type { VoicemailJournal } from './voicemail/ports.ts';

/** An error of ours that cost a call something: `cause`, with the call's id for the log. */
export class FailureOfCall extends Error {
  override readonly name = 'FailureOfCall';
  readonly call: CallId;

  constructor(call: CallId, cause: unknown) {
    super(`in the call ${call}: ${String(cause)}`, { cause });
    this.call = call;
  }
}

/** The error, with the call's id unless it has one. */
export const failureOf = (call: CallId, error: unknown): FailureOfCall =>
  error instanceof FailureOfCall ? error : new FailureOfCall(call, error);

/** Does the work of a call; what it throws is named by that call. */
export function asWorkOf<Result>(call: CallId, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw failureOf(call, error);
  }
}

/** A journal of mailboxes for one call: all that it is told of has the call's id. */
export const journalOfCall = (journal: VoicemailJournal, call: CallId): VoicemailJournal => ({
  deposited: (extension, outcome) => {
    journal.deposited(extension, outcome, call);
  },
  visited: (extension, outcome) => {
    journal.visited(extension, outcome, call);
  },
  removed: (count, why) => {
    journal.removed(count, why);
  },
  failed: (error) => {
    journal.failed(error, call);
  },
});
