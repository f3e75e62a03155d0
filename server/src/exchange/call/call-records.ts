import type { ExtensionId, TerminalId } from '@perch/shared';
import type { CallRecord, CallStore, Clock } from '../ports.ts';
import type { Conversation } from './conversation.ts';
import type { Outcome } from './outcome.ts';

/** A callee has no terminal where no phone rang; a service of the server has no extension either. */
interface RecordedEnd {
  readonly extension: ExtensionId | null;
  readonly terminal: TerminalId | null;
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

  /** Where the server itself is one end, the other one is recorded as its caller. */
  finish(conversation: Conversation, parties: RecordedParties, outcome: Outcome): void {
    const [caller, callee] =
      parties.caller.extension === null ? [parties.callee, null] : [parties.caller, parties.callee];
    if (caller === null || caller.extension === null || caller.terminal === null) return;
    const { record: id, startedAt, answeredAt, dialled } = conversation;
    const isAnswered = outcome === 'answered' || outcome === 'lost' || outcome === 'transferred';
    const record: CallRecord = {
      id,
      startedAt,
      answeredAt: isAnswered ? answeredAt : null,
      endedAt: this.#clock.now(),
      callerExtension: caller.extension,
      callerTerminal: caller.terminal,
      dialled,
      calleeExtension: callee?.extension ?? null,
      calleeTerminal: callee?.terminal ?? null,
      outcome,
    };
    this.#store.finish(record).catch(this.#failed);
  }
}
