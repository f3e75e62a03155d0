import { assertNever, type Utterance } from '@perch/shared';
import type { CommonEffect, CommonEvent, Dialogue } from '../dialogue.ts';

/** Somebody has dialled for something to be done: what has become of it is said, once both that and the line are there. */
export type State =
  | { readonly kind: 'waiting'; readonly isConfirmed: boolean; readonly utterance: Utterance | null }
  | { readonly kind: 'speaking' }
  | { readonly kind: 'over' };

/** It is done, or could not be: this is to be said. */
export interface OwnEvent {
  readonly kind: 'settled';
  readonly utterance: Utterance;
}

type Step = readonly [State, readonly CommonEffect<never>[]];

const OVER: State = { kind: 'over' };

export const dialogue: Dialogue<State, OwnEvent | CommonEvent, CommonEffect<never>, undefined> = {
  initial: { kind: 'waiting', isConfirmed: false, utterance: null },
  step,
};

function step(state: State, event: OwnEvent | CommonEvent): Step {
  switch (event.kind) {
    case 'confirmed':
      return state.kind === 'waiting' ? spoken({ ...state, isConfirmed: true }) : [state, []];
    case 'settled':
      if (state.kind !== 'waiting' || state.utterance !== null) return [state, []];
      return spoken({ ...state, utterance: event.utterance });
    case 'spoken':
      return state.kind === 'speaking' ? [OVER, [{ kind: 'hang-up' }]] : [state, []];
    case 'barred':
      return state.kind === 'over' ? [state, []] : [OVER, [{ kind: 'hang-up' }]];
    case 'gone':
      return [OVER, []];
    case 'digit':
    case 'timeout':
      return [state, []];
    default:
      return assertNever(event);
  }
}

function spoken(state: Extract<State, { readonly kind: 'waiting' }>): Step {
  const { isConfirmed, utterance } = state;
  if (!isConfirmed || utterance === null) return [state, []];
  return [{ kind: 'speaking' }, [{ kind: 'speak', utterance }]];
}
