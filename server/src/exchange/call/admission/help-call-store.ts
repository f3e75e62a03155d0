import type { TerminalId } from '@perch/shared';

/** Help was called from that terminal, with a number that can be called back. */
export interface StoredHelpCall {
  readonly number: string;
  readonly terminal: TerminalId;
  /** It is the number of the terminal itself, and not one that is set for calling back. */
  readonly isOwn: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Keeps from where help was called, for one organization. */
export interface HelpCallStore {
  load(): Promise<readonly StoredHelpCall[]>;
  /**
   * Replaces what was kept for each of these numbers, as one's own or as one that was set, and forgets what was kept before that instant
   * (milliseconds since 1970). It survives a power cut once it resolves.
   */
  keep(calls: readonly StoredHelpCall[], forgetBefore: number): Promise<void>;
}
