import type { Utterance } from '@perch/shared';
import type { Effect, Step } from './visit.ts';

const GOODBYE: Utterance = [{ prompt: 'goodbye' }];

/** Says these words instead of what was being said. Timers are started once they are over. */
export function say(utterance: Utterance): readonly Effect[] {
  return [{ kind: 'stop-timer' }, { kind: 'speak', utterance }];
}

/** Says the last words, and then ends the call. */
export function part(utterance: Utterance = GOODBYE, refused = false): Step {
  return [{ kind: 'parting', refused }, say(utterance)];
}
