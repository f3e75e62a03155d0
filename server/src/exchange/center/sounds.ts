import type { Utterance } from '@perch/shared';

/** The names of an utterance's sounds, in the order in which they are heard: prompts, and numbers digit by digit. */
export function soundsOf(utterance: Utterance): string[] {
  return utterance.flatMap((part) =>
    'digits' in part ? [...part.digits].map((digit) => `digit-${digit}`) : [part.prompt],
  );
}
