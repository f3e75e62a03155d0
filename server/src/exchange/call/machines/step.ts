import { assertNever } from '@perch/shared';
import type { Event, State, Step } from './call-state.ts';
import { stepAnswering, stepRinging } from './ringing.ts';
import { stepTalking } from './talking.ts';

/** One event of one call: the next state, and what is to be done. An event that does not fit the state changes nothing. */
export function step(state: State, event: Event): Step {
  switch (state.kind) {
    case 'ringing':
      return stepRinging(state, event);
    case 'answering':
      return stepAnswering(state, event);
    case 'talking':
      return stepTalking(state, event);
    case 'over':
      return [state, []];
    default:
      return assertNever(state);
  }
}
