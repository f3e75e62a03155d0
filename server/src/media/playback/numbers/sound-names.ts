/** The name of a digit's sound. */
export const soundName = (digit: string | number): string => `digit-${digit}`;

/** The name of the sound of a number, or of a part of numbers. */
export const numberName = (part: string | number): string => `number-${part}`;

/** The sounds of words, the first of which is that of `first`, the second that of the next `step`. */
export const named = (
  name: (value: number) => string,
  words: readonly string[],
  first = 0,
  step = 1,
): readonly (readonly [name: string, word: string])[] =>
  words.map((word, index) => [name(first + index * step), word] as const);
