import { assertNever, type Utterance } from '@perch/shared';
import type { CommonEffect, CommonEvent, Dialogue } from '../dialogue.ts';

/** Somebody has called to park the call that they have on hold: what has become of it is said, twice, once both that and the line are there. */
export type State =
  | { readonly kind: 'waiting'; readonly isConfirmed: boolean; readonly utterance: Utterance | null }
  | { readonly kind: 'speaking' }
  | { readonly kind: 'over' };

/** The call waits in the slot, or could not be parked. */
export interface OwnEvent {
  readonly kind: 'parked' | 'not-parked';
}

type Step = readonly [State, readonly CommonEffect<never>[]];

const OVER: State = { kind: 'over' };

/** It sees the number of the slot. */
export const dialogue: Dialogue<State, OwnEvent | CommonEvent, CommonEffect<never>, string> = {
  initial: { kind: 'waiting', isConfirmed: false, utterance: null },
  step,
};

function step(state: State, event: OwnEvent | CommonEvent, slot: string): Step {
  switch (event.kind) {
    case 'confirmed':
      return state.kind === 'waiting' ? spoken({ ...state, isConfirmed: true }) : [state, []];
    case 'parked':
    case 'not-parked':
      if (state.kind !== 'waiting' || state.utterance !== null) return [state, []];
      return spoken({ ...state, utterance: event.kind === 'parked' ? parkedIn(slot) : NOT_PARKED });
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

function parkedIn(slot: string): Utterance {
  const once: Utterance = [{ prompt: 'call-is-parked' }, { digits: slot }];
  return [...once, ...once];
}

const NOT_PARKED: Utterance = [{ prompt: 'try-again-later' }];
