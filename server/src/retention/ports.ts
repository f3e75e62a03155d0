import type { OrganizationId, Retention } from '@perch/shared';

/** Deletes what is old in one organization, the oldest first: so many at most, that nobody waits for it. Each resolves to how many were deleted. */
export interface OldThings {
  /** Calls that began before then. */
  calls(before: number, most: number): Promise<number>;
  /** Stays that ended, and attempts to move that were made, before then. */
  moves(before: number, most: number): Promise<number>;
  /** Entries of the audit that were made before then; the seal of the last of them is kept, as the beginning of the chain. */
  audit(before: number, most: number): Promise<number>;
}

/** An organization, and for how long it keeps what. */
export interface Keeping {
  readonly organization: OrganizationId;
  readonly retention: Retention;
  /** An IANA name. */
  readonly timeZone: string;
}

export interface RetentionPorts {
  keepings(): Promise<readonly Keeping[]>;
  oldThings(organization: OrganizationId): OldThings;
  /** Something was deleted: for the audit. */
  deleted(organization: OrganizationId, what: Readonly<Record<keyof OldThings, number>>): Promise<void>;
  failed(error: unknown): void;
}
