import type { ExtensionId, TerminalId } from '@perch/shared';
import type { Consequence } from './consequences.ts';
import type { Change, Virtualization } from './virtualization.ts';

/** How long the last change on a terminal can be undone (milliseconds). */
export const UNDO_WINDOW_MS = 30_000;

/** The last change on a terminal, as long as it is news there. */
export interface Undoable extends Change {
  readonly at: number;
  /** It is told, and may be taken back, until then. */
  readonly until: number;
  readonly canUndo: boolean;
  readonly consequences: readonly Consequence[];
}

/** The last change made on each terminal, while nothing has touched it. */
export type UndoableChanges = ReadonlyMap<TerminalId, Undoable>;

/** Without those that can be undone no more: their time is over, or something that they touched is touched again. */
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
