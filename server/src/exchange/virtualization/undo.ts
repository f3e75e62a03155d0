import type { ExtensionId } from '@perch/shared';
import type { Consequence } from './consequences.ts';
import type { State } from './state.ts';
import type { Change, Virtualization } from './virtualizations.ts';

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

/** Without those that can be undone no more: their time is over, or something that they touched is touched again. */
export function stillUndoable(
  undoable: State['undoable'],
  touched: ReadonlySet<ExtensionId>,
  now: number,
): State['undoable'] {
  if (touched.size === 0) return undoable; // what has run out goes with the next change
  return new Map(
    [...undoable].filter(([, { ended, begun, until }]) => {
      const isTouched = ({ virtual, base }: Virtualization) => touched.has(virtual) || touched.has(base);
      return now < until && !ended.some(isTouched) && !begun.some(isTouched);
    }),
  );
}
