import { assertNever, type Utterance } from '@perch/shared';
import type { CommonEffect, CommonEvent, Dialogue } from '../dialogue.ts';

/** Why there will be no call, said once: before it, while it is spoken, and after the last word. */
export interface State {
  readonly kind: 'waiting' | 'speaking' | 'over';
}

type Step = readonly [State, readonly CommonEffect<never>[]];

/** Says one utterance and hangs up. It sees the utterance. */
export const dialogue: Dialogue<State, CommonEvent, CommonEffect<never>, Utterance> = {
  initial: { kind: 'waiting' },
  step,
};

function step(state: State, event: CommonEvent, utterance: Utterance): Step {
  switch (event.kind) {
    case 'confirmed':
      return state.kind === 'waiting' ? [{ kind: 'speaking' }, [{ kind: 'speak', utterance }]] : [state, []];
    case 'spoken':
      return state.kind === 'speaking' ? [{ kind: 'over' }, [{ kind: 'hang-up' }]] : [state, []];
    case 'barred':
      return state.kind === 'over' ? [state, []] : [{ kind: 'over' }, [{ kind: 'hang-up' }]];
    case 'gone':
      return [{ kind: 'over' }, []];
    case 'digit':
    case 'timeout':
      return [state, []];
    default:
      return assertNever(event);
  }
}
