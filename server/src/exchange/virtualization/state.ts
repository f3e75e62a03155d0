import type { TerminalId } from '@perch/shared';
import { noGuesses, type Guesses } from './guessing.ts';
import type { Undoable } from './undo.ts';
import { Virtualizations } from './virtualizations.ts';

/** All that the virtualization of one organization remembers. */
export interface State {
  readonly virtualizations: Virtualizations;
  readonly guesses: Guesses;
  /** The last change made on each terminal, while nothing has touched it. Not kept over a restart. */
  readonly undoable: ReadonlyMap<TerminalId, Undoable>;
}

export const initialState: State = {
  virtualizations: Virtualizations.from([]),
  guesses: noGuesses,
  undoable: new Map(),
};
