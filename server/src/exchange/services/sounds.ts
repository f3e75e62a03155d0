import type { Utterance } from '@perch/shared';
import { numberSounds, soundName } from '../../media/playback/spoken-numbers.ts';

/** The names of an utterance's sounds, in the order in which they are heard: prompts, digits one by one, numbers whole. */
export function soundsOf(utterance: Utterance): string[] {
  return utterance.flatMap((part) => {
    if ('digits' in part) return [...part.digits].map(soundName);
    return 'number' in part ? numberSounds(part.number) : [part.prompt];
  });
}
