import type { Language, Utterance } from '@perch/shared';
import { SPOKEN_NUMBERS } from '../../media/playback/numbers/spoken-numbers.ts';
import { soundName } from '../../media/playback/numbers/sound-names.ts';

/** The names of an utterance's sounds, in the order in which they are heard: prompts, digits one by one, numbers whole. */
export function soundsOf(utterance: Utterance, language: Language): string[] {
  return utterance.flatMap((part) => {
    if ('digits' in part) return [...part.digits].map(soundName);
    return 'number' in part ? SPOKEN_NUMBERS[language].sounds(part.number) : [part.prompt];
  });
}
