import type {
  CallId,
  CallRecord,
  DepositReason,
  ExtensionId,
  ExtensionNumber,
  OrganizationId,
  TerminalId,
} from '@perch/shared';
import type { Farewell } from '../sip/user-agent/farewells.ts';
import type { DialogSnapshot } from '../sip/user-agent/leg.ts';
import type { CallAccount } from './call/records/account.ts';
import type { Extension } from './contract/extensions.ts';

export type { Clock } from '../world/clock.ts';
export type { Extension } from './contract/extensions.ts';

export interface Organization {
  readonly id: OrganizationId;
  readonly name: string;
  /** The SIP domain and digest realm. */
  readonly domain: string;
  readonly emergencyNumbers: readonly string[];
}

/** The organization's extensions, in memory: asked on every call. Deleted extensions are absent. */
export interface Directory {
  readonly organization: Organization;
  byNumber(number: string): Extension | undefined;
  byId(id: ExtensionId): Extension | undefined;
  /** The owner of a terminal. */
  byTerminal(terminal: TerminalId): Extension | undefined;
  /** The home terminal of an extension; like `ownerOf`, also of one that was deleted while this process ran. */
  homeOf(id: ExtensionId): TerminalId | undefined;
  /** The extension whose home a terminal is. */
  ownerOf(terminal: TerminalId): ExtensionId | undefined;
  all(): Iterable<Extension>;
}

/** Verifies secret codes against slow hashes. */
export interface SecretCodes {
  /** Does the same work for an unknown extension, or one without a code, as for a wrong code. */
  verify(extension: ExtensionId | undefined, code: string): Promise<boolean>;
}

/** Who is on one side of an answered call. Its identity never changes. */
export interface CallPerson {
  readonly extension: ExtensionId;
  readonly terminal: TerminalId;
  readonly number: ExtensionNumber;
  readonly name: string;
  /** The number and name are withheld from the other side (RFC 3323). */
  readonly withheld?: true;
}

/** One side of an answered call: what a restart needs and a record says. */
export interface CallParty extends CallPerson {
  /** `+sip.instance` and `reg-id` of the binding: how the phone is recognized when it registers again (RFC 5626 §5.2). */
  readonly binding: string;
  readonly contact: string;
  readonly dialog: DialogSnapshot;
  /** Its sound goes through the server, and only another session brings it back: a restart asks the phone for one. */
  readonly recalled?: true;
}

/**
 * One side of an answered call that is the server itself: a conference, known by its room; the slot in which the call is parked; the mailbox of
 * somebody who did not answer.
 */
export type CallService =
  | { readonly service: 'conference'; readonly room: string }
  | { readonly service: 'slot'; readonly slot: string; readonly by: CallPerson }
  | {
      readonly service: 'mailbox';
      readonly extension: ExtensionId;
      readonly reason: DepositReason;
      readonly number: string;
      readonly name: string;
    };

/** An answered call, as it is stored from its answer to its end. */
export interface StoredCall {
  readonly id: CallId;
  /** What its record will say, as far as it has come; absent where an earlier version stored it. */
  readonly account?: CallAccount;
  readonly startedAt: number;
  readonly answeredAt: number;
  readonly caller: CallParty | CallService;
  readonly callee: CallParty | CallService;
  /** The side that has put the other one on hold; absent where none has. */
  readonly held?: 'caller' | 'callee' | 'both';
  /** The two have no sound of each other, or another leg was about to take the place of one of theirs: they are to be joined anew. */
  readonly unsettled?: true;
  /** Of an emergency call: the terminal from which help was called. */
  readonly emergencyOn?: TerminalId;
  /** Of a call with which help calls back: the terminal from which it was called. */
  readonly callsBack?: TerminalId;
}

/** A BYE that a phone has not answered, as it is stored until it has. */
export interface OwedBye extends Farewell {
  readonly terminal: TerminalId;
  /** The key of the phone's binding. */
  readonly binding: string;
}

/** Calls under way. Writes are grouped; each promise resolves once its write would survive `kill -9`. */
export interface CallStore {
  load(): Promise<readonly StoredCall[]>;
  save(call: StoredCall): Promise<void>;
  /** The call goes on, but as one that a restart could not take up. */
  forget(call: CallId): Promise<void>;
  /** The call is over: forgets the one of the record's id, if it was saved, and writes the record. */
  finish(record: CallRecord): Promise<void>;
  /** The BYEs that are owed. */
  loadOwed(): Promise<readonly OwedBye[]>;
  owe(bye: OwedBye): Promise<void>;
  /** The BYE with that tag is no longer owed. */
  pay(tag: string): Promise<void>;
}

/** What happens in an organization, for logs and metrics. */
export interface ExchangeJournal {
  /** An error of ours, or of storage: it affected one call or message, everything else goes on. */
  failed(error: unknown): void;
}
