import type { DepositReason, ExtensionId, TerminalId } from '@perch/shared';
import type { CallRecord, CallStore, Clock } from '../ports.ts';
import type { Conversation } from './conversation.ts';
import type { Outcome } from './outcome.ts';

/** A callee has no terminal where no phone rang; a service of the server has no extension either. */
interface RecordedEnd {
  readonly extension: ExtensionId | null;
  readonly terminal: TerminalId | null;
  /** Of a mailbox: whose it is, and why the call was diverted there. */
  readonly mailbox?: { readonly extension: ExtensionId; readonly reason: DepositReason };
}

/** Who is named in a record; the callee is unknown where nobody has that number. */
interface RecordedParties {
  readonly caller: RecordedEnd;
  readonly callee: RecordedEnd | null;
}

/** The call records of an organization. A record that cannot be written does not affect the call. */
export class CallRecords {
  readonly #store: CallStore;
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;

  constructor(store: CallStore, clock: Clock, failed: (error: unknown) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#failed = failed;
  }

  /**
   * Where the server itself is one end, the other one is recorded as its caller. A call that was diverted to a mailbox is one that its owner
   * did not answer, and that was over, for the record, when the mailbox took it.
   */
  finish(conversation: Conversation, { caller, callee }: RecordedParties, outcome: Outcome): void {
    const isOwnEnd = caller.extension === null;
    const [one, other] = isOwnEnd ? [callee, caller] : [caller, callee];
    if (one === null || one.extension === null || one.terminal === null) return;
    const { record: id, startedAt, answeredAt, dialled } = conversation;
    const mailbox = other?.mailbox;
    const isAnswered = outcome === 'answered' || outcome === 'lost' || outcome === 'transferred';
    const record: CallRecord = {
      id,
      startedAt,
      answeredAt: isAnswered && mailbox === undefined ? answeredAt : null,
      endedAt: mailbox === undefined ? this.#clock.now() : startedAt,
      callerExtension: one.extension,
      callerTerminal: one.terminal,
      dialled,
      calleeExtension: mailbox?.extension ?? other?.extension ?? null,
      calleeTerminal: other?.terminal ?? null,
      outcome: mailbox?.reason ?? outcome,
    };
    this.#store.finish(record).catch(this.#failed);
  }
}
