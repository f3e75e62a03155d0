import type { ExtensionId } from '@perch/shared';
import type { StoredChange } from './virtualization/event.ts';
import type { Bucket } from './virtualization/guessing.ts';
import type { VirtualizationRecord } from './virtualization/record.ts';
import type { Virtualization } from './virtualization/virtualization.ts';

/** What an organization's virtualization starts from. */
export interface StoredVirtualizations {
  readonly virtualizations: readonly Virtualization[];
  /** Those that are not empty. */
  readonly buckets: readonly Bucket[];
}

/** Where the virtualizations of one organization last. */
export interface VirtualizationStore {
  load(): Promise<StoredVirtualizations>;
  /**
   * Writes a change in one transaction: what ended is gone, what begun is there, each bucket stands in place of the one
   * before (an empty one goes), the record is kept. Resolves once all of it survives `kill -9`; where it rejects,
   * nothing of it is there.
   */
  commit(change: StoredChange): Promise<void>;
  /** The latest records about an extension or its terminal, newest first. */
  records(extension: ExtensionId, limit: number): Promise<readonly VirtualizationRecord[]>;
}
