import type { Effect, State, Step, Talking } from './call-state.ts';

/** What of a call that has been answered must be known after a restart, beside who talks. */

/**
 * Have the two no sound of each other, or is it on its way to another leg? Then a restart joins them anew. A hold that is being agreed on moves no
 * sound, and its phone asks for it again.
 */
export const isUnsettled = (state: State): boolean =>
  state.kind === 'talking' &&
  (state.apart || (state.exchange.kind !== 'idle' && state.exchange.kind !== 'relaying'));

/** Stores the call where that has changed. */
export function kept(before: Talking, step: Step): Step {
  const [state, effects] = step;
  if (state.kind !== 'talking' || effects.some(isSave)) return step;
  const isKnown =
    isSameHold(before, state) &&
    isUnsettled(before) === isUnsettled(state) &&
    // A side that has hung up could not come back.
    before.left === state.left &&
    referIn(before) === referIn(state);
  return isKnown ? step : [state, [...effects, { kind: 'keep' }]];
}

const isSave = ({ kind }: Effect): boolean => kind === 'save';

const isSameHold = ({ held: before }: Talking, { held }: Talking): boolean =>
  held === before || (held.length === before.length && held.every((leg) => before.includes(leg)));

/** The REFER that is being carried out: the phone that sent it is told when it comes to nothing. */
const referIn = ({ transfer }: Talking): number | null => transfer?.refer ?? null;
