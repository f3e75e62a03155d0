import type { ExtensionId, StayLimit, TerminalId } from '@perch/shared';
import type { Consequence } from './consequences.ts';
import type { Change, Virtualization } from './virtualization.ts';

/** How long the last change on a terminal can be undone (milliseconds). */
export const UNDO_WINDOW_MS = 30_000;

/** The last change on a terminal, while it is shown there. */
export interface Undoable extends Change {
  readonly at: number;
  /** The change is shown, and can be undone, until then (milliseconds since 1970-01-01 UTC). */
  readonly until: number;
  readonly canUndo: boolean;
  /** Who did it from elsewhere; `null` where it was done at the terminal. */
  readonly who: string | null;
  /** The limit that did it. */
  readonly limit: StayLimit | null;
  readonly consequences: readonly Consequence[];
}

/** The last change made on each terminal, while nothing has touched it. */
export type UndoableChanges = ReadonlyMap<TerminalId, Undoable>;

/** Without those that can no longer be undone: their time is over, or something that they touched has changed again. */
export function stillUndoable(
  undoable: UndoableChanges,
  touched: ReadonlySet<ExtensionId>,
  now: number,
): UndoableChanges {
  if (touched.size === 0) return undoable; // what has run out goes with the next change
  return new Map(
    [...undoable].filter(([, { ended, begun, until }]) => {
      const isTouched = ({ virtual, base }: Virtualization) => touched.has(virtual) || touched.has(base);
      return now < until && !ended.some(isTouched) && !begun.some(isTouched);
    }),
  );
}
