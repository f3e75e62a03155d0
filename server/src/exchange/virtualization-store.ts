import type { Extension } from './ports.ts';
import type { StoredChange } from './virtualization/event.ts';
import type { Bucket } from './virtualization/guessing.ts';
import type { VirtualizationRecord } from './virtualization/record.ts';
import type { Virtualization } from './virtualization/virtualization.ts';

/** The state from which an organization's virtualization starts. */
export interface StoredVirtualizations {
  readonly virtualizations: readonly Virtualization[];
  /** Those that are not empty. */
  readonly buckets: readonly Bucket[];
}

/** Stores the virtualizations of one organization. */
export interface VirtualizationStore {
  load(): Promise<StoredVirtualizations>;
  /**
   * Writes a change in one transaction: deletes what ended, adds what began, replaces each bucket (deletes an empty one),
   * keeps the record. Resolves once all of it survives `kill -9`; where it rejects,
   * nothing of it is there.
   */
  commit(change: StoredChange): Promise<void>;
  /** The latest records about an extension or its home terminal, newest first. */
  records(about: Pick<Extension, 'id' | 'terminal'>, limit: number): Promise<readonly VirtualizationRecord[]>;
}
