import type { CallId, CallRecord, CallResult, ExtensionId, MailboxVisit } from '@perch/shared';
import { failureOf } from '../../failure-of-call.ts';
import type { CallStore } from '../../ports.ts';
import { type CallAccount, names } from './account.ts';
import { callRecordOf } from './call-record.ts';
import { accountOfVisit, type ServiceVisit } from './service-account.ts';

/** A call that is over, for its record. */
export interface FinishedCall {
  readonly id: CallId;
  readonly account: CallAccount;
  readonly isEmergency: boolean;
  /** The time by which its account is kept. */
  readonly now: () => number;
}

/** What became of somebody who was not answered: a visit to the mailbox that is over, or none. */
export type TurnedAway = (visit: MailboxVisit | null) => void;

/** A mailbox that somebody in a call was sent to. */
interface Visiting {
  /** `undefined` until it is over. */
  visit: MailboxVisit | null | undefined;
  /** Writes the record; `undefined` until the call is over. */
  write: (() => void) | undefined;
  /** What its record will say; `undefined` until the call is over. */
  account: CallAccount | undefined;
}

/** The call records of an organization. A record that cannot be written does not affect the call. */
export class CallRecords {
  readonly #store: CallStore;
  readonly #recorded: (record: CallRecord) => void;
  readonly #failed: (error: unknown) => void;
  readonly #visiting = new Map<CallId, Visiting>();

  constructor(store: CallStore, recorded: (record: CallRecord) => void, failed: (error: unknown) => void) {
    this.#store = store;
    this.#recorded = recorded;
    this.#failed = failed;
  }

  /** Somebody in that call is sent to a mailbox: its record will have what they leave there. */
  visiting({ id: call, now }: Pick<FinishedCall, 'id' | 'now'>): TurnedAway {
    const from = now();
    const visiting: Visiting = { visit: undefined, write: undefined, account: undefined };
    this.#visiting.set(call, visiting);
    return (visit) => {
      visiting.visit = visit && { ...visit, from, until: now() };
      visiting.write?.();
    };
  }

  /** The call is over: its record is written, or will be as soon as the visit to the mailbox is over. */
  finish({ id, account, isEmergency: emergency }: Omit<FinishedCall, 'now'>, result: CallResult): void {
    const visiting = this.#visiting.get(id);
    const write = (): void => {
      this.#visiting.delete(id);
      const record = callRecordOf(account, { id, emergency, result, mailbox: visiting?.visit ?? null });
      // Who is told of it may look it up.
      this.#store.finish(record).then(
        () => this.#recorded(record),
        (error: unknown) => this.#failed(failureOf(id, error)),
      );
    };
    if (visiting === undefined || visiting.visit !== undefined) write();
    else Object.assign(visiting, { write, account });
  }

  /** A call to a service is over. */
  visited(id: CallId, visit: ServiceVisit): void {
    const call = { id, account: accountOfVisit(visit), isEmergency: false };
    this.finish(call, visit.answeredAt === null ? 'cancelled' : 'answered');
  }

  /** Nobody answered. */
  turnedAway(call: FinishedCall, result: CallResult): TurnedAway {
    const over = this.visiting(call);
    this.finish(call, result);
    return over;
  }

  /** Will a record that is still to be written name the extension? */
  name(extension: ExtensionId, number: string, until: number): boolean {
    return [...this.#visiting.values()].some(
      ({ account }) => account !== undefined && names(account, extension, number, until),
    );
  }

  /** Writes the records that wait for a mailbox, without what is left there. */
  close(): void {
    for (const { write } of [...this.#visiting.values()]) write?.();
  }
}
