import { noGuesses, type Guesses } from './guessing.ts';
import type { UndoableChanges } from './undo.ts';
import { Virtualizations } from './virtualizations.ts';

/** All that the virtualization of one organization remembers. */
export interface State {
  readonly virtualizations: Virtualizations;
  readonly guesses: Guesses;
  /** Not kept over a restart. */
  readonly undoable: UndoableChanges;
}

export const initialState: State = {
  virtualizations: Virtualizations.from([]),
  guesses: noGuesses,
  undoable: new Map(),
};
