import { assertNever } from '@perch/shared';
import type { CommonEffect, CommonEvent, Dialogue } from '../dialogue.ts';

/** The echo test: before the call, while it is said what it is, and while the caller hears itself. */
export interface State {
  readonly kind: 'waiting' | 'introducing' | 'echoing' | 'over';
}

/** From now on, until the call is over, what is heard is sent back. */
export interface OwnEffect {
  readonly kind: 'echo';
}

type Effect = CommonEffect<never> | OwnEffect;
type Step = readonly [State, readonly Effect[]];

/** A call that was forgotten ends after this. */
const LONGEST_MS = 600_000;
const OVER: State = { kind: 'over' };
const ECHOING: Step = [{ kind: 'echoing' }, [{ kind: 'interrupt' }, { kind: 'echo' }]];

/** Says what it is, then sends back what it hears. Any key cuts the sentence short; `#` hangs up afterwards. */
export const dialogue: Dialogue<State, CommonEvent, Effect, undefined> = {
  initial: { kind: 'waiting' },
  step,
};

function step(state: State, event: CommonEvent): Step {
  switch (event.kind) {
    case 'confirmed':
      if (state.kind !== 'waiting') return [state, []];
      return [
        { kind: 'introducing' },
        [
          { kind: 'speak', utterance: [{ prompt: 'hear-yourself' }] },
          { kind: 'start-timer', ms: LONGEST_MS },
        ],
      ];
    case 'spoken':
      return state.kind === 'introducing' ? ECHOING : [state, []];
    case 'digit':
      if (state.kind === 'introducing') return ECHOING;
      return state.kind === 'echoing' && event.digit === '#' ? [OVER, [{ kind: 'hang-up' }]] : [state, []];
    case 'timeout':
    case 'barred':
      return state.kind === 'over' ? [state, []] : [OVER, [{ kind: 'interrupt' }, { kind: 'hang-up' }]];
    case 'gone':
      return [OVER, []];
    default:
      return assertNever(event);
  }
}
