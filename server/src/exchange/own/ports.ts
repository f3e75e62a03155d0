import type { CallRecord, ExtensionId } from '@perch/shared';

/** What is kept of one extension. */
export interface StoredOwnThings {
  readonly extension: ExtensionId;
  /** Missed calls that were over by then have been looked at (milliseconds since 1970). */
  readonly seenUntil: number;
  /** In the order in which they became favourites. */
  readonly favourites: readonly ExtensionId[];
}

/** What the extensions of one organization have of their own. It survives a power cut once a promise resolves. */
export interface OwnStore {
  load(): Promise<readonly StoredOwnThings[]>;
  keepSeen(extension: ExtensionId, until: number): Promise<void>;
  addFavourite(extension: ExtensionId, favourite: ExtensionId): Promise<void>;
  removeFavourite(extension: ExtensionId, favourite: ExtensionId): Promise<void>;
  /** The latest calls, so many at most, that began after then and that the extension has missed and not returned, in no particular order. */
  unreturned(extension: ExtensionId, after: number, most: number): Promise<readonly CallRecord[]>;
}
