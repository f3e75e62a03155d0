import type { AuditEntry, AuditFilter, Facts, OrganizationId } from '@perch/shared';
import type { ErasedEntry } from './erased-entries.ts';

/** The last entry of an organization’s audit. */
export interface AuditHead {
  readonly position: number;
  readonly seal: string;
}

export interface AuditSearch extends AuditFilter {
  /** Positions below this one only. */
  readonly before?: number | undefined;
}

/** What an entry of the audit is about. */
export type AuditSubject =
  | { readonly kind: 'extension'; readonly number: string }
  | { readonly kind: 'person'; readonly id: string };

/** An entry of the audit that is to be stored with what it tells of. */
export interface EntryToBe {
  readonly organization: OrganizationId;
  readonly subject: AuditSubject | null;
  /** `after`: what is stored of the subject now that it has changed. */
  readonly next: (last: AuditHead | undefined, after: Facts | null) => AuditEntry;
}

/** What people have done and tried: entries are added and read, never changed or removed. */
export interface AuditRepository {
  /** One at a time: `next` makes the entry that follows the last one. */
  append(organization: OrganizationId, next: (last: AuditHead | undefined) => AuditEntry): Promise<void>;
  /**
   * The first change that `work` makes, anywhere in what management and the organizations store, and the entry are one transaction: both are
   * stored, or neither. `entry` is asked as late as then; where it says `undefined`, the next change is looked at.
   * @returns whether there was a change. It rejects as `work` does.
   */
  together<Result>(
    entry: () => EntryToBe | undefined,
    work: () => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly isNoted: boolean }>;
  /** What is stored of something; `null` where it is not there. */
  facts(organization: OrganizationId, subject: AuditSubject): Promise<Facts | null>;
  head(organization: OrganizationId): Promise<AuditHead | undefined>;
  /** The last entry that was deleted because it was old: the chain begins after it. */
  forgotten(organization: OrganizationId): Promise<AuditHead | undefined>;
  /** The entries that no longer name somebody, in their order and in that of the erasures. */
  erased(organization: OrganizationId): Promise<readonly ErasedEntry[]>;
  /** The latest first. */
  read(organization: OrganizationId, search: AuditSearch, limit: number): Promise<readonly AuditEntry[]>;
  /** In the order in which they were made, from the position after that one. */
  readOn(organization: OrganizationId, after: number, limit: number): Promise<readonly AuditEntry[]>;
}
