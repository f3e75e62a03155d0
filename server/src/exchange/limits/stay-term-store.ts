import type { ExtensionId, TerminalId } from '@perch/shared';
import type { StayTerm } from './machines/stay-end.ts';

/** The term of a stay; it is known by its guest and its beginning. */
export interface StoredTerm extends StayTerm {
  readonly virtual: ExtensionId;
  readonly since: number;
}

/** Keeps what the limits of stays need over a restart, for one organization. */
export interface StayTermStore {
  /** Terms of stays that have ended may be among them. */
  load(): Promise<readonly StoredTerm[]>;
  /** Replaces what was kept for that guest; it survives a power cut once it resolves. */
  keep(term: StoredTerm): Promise<void>;
  /** When the last call ended in which that extension talked, or rang, at that terminal since then; `undefined` where there was none. */
  lastCallEnd(extension: ExtensionId, terminal: TerminalId, since: number): Promise<number | undefined>;
}
