import type {
  CallId,
  CallRecordId,
  ExtensionId,
  ExtensionNumber,
  OrganizationId,
  TerminalId,
} from '@perch/shared';
import type { DialogSnapshot } from '../sip/user-agent/leg.ts';
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

/** One side of an answered call: what a restart needs and a record says. Its identity never changes. */
export interface CallParty {
  readonly extension: ExtensionId;
  readonly terminal: TerminalId;
  readonly number: ExtensionNumber;
  readonly name: string;
  /** The number and name are withheld from the other side (RFC 3323). */
  readonly withheld?: true;
  /** `+sip.instance` and `reg-id` of the binding: how the phone is recognized when it registers again (RFC 5626 §5.2). */
  readonly binding: string;
  readonly contact: string;
  readonly dialog: DialogSnapshot;
}

/** An answered call, as it is stored from its answer to its end. */
export interface StoredCall {
  readonly id: CallId;
  /** The record that will end this conversation: a store tells calls apart by it. After a transfer it is another one. */
  readonly record: CallRecordId;
  readonly startedAt: number;
  readonly answeredAt: number;
  readonly caller: CallParty;
  readonly callee: CallParty;
  /** Of an emergency call: the terminal from which help was called. */
  readonly emergencyOn?: TerminalId;
}

/** A finished or refused call, for the record. */
export interface CallRecord {
  readonly id: CallRecordId;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number;
  readonly callerExtension: ExtensionId;
  readonly callerTerminal: TerminalId;
  readonly dialled: string;
  readonly calleeExtension: ExtensionId | null;
  readonly calleeTerminal: TerminalId | null;
  /** `answered`, `no-answer`, `busy`, `declined`, `cancelled`, `away`, `homeless`, `desk-in-use`, `base-offline`, `offline`, `no-such-number`, `locked`, `lost` … */
  readonly outcome: string;
}

/** Calls under way. Writes are grouped; each promise resolves once its write would survive `kill -9`. */
export interface CallStore {
  load(): Promise<readonly StoredCall[]>;
  save(call: StoredCall): Promise<void>;
  /** The conversation is over: forgets the call that was saved with this record's id, and writes the record. */
  finish(record: CallRecord): Promise<void>;
}

/** What happens in an organization, for logs and metrics. */
export interface ExchangeJournal {
  /** An error of ours, or of storage: it affected one call or message, everything else goes on. */
  failed(error: unknown): void;
}
