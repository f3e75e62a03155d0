import type { TerminalId } from '@perch/shared';

/** Until when no PIN of the stations is taken, because too many were wrong. */
export interface PinLocks {
  readonly stations: readonly { readonly terminal: TerminalId; readonly until: number }[];
  /** At any station of the organization. */
  readonly everywhere: number | null;
}

export const NO_PIN_LOCKS: PinLocks = { stations: [], everywhere: null };
