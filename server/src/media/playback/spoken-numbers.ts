/** Numbers as they are spoken, in English: each a sequence of sounds. */

const ONES = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven'],
  ...['twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'],
];
const TENS = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const HUNDRED = 'number-100';

/** The name of a digit's sound. */
export const soundName = (digit: string): string => `digit-${digit}`;

/** The words that numbers are made of, by the names of their sounds. */
export const NUMBER_WORDS: ReadonlyMap<string, string> = new Map([
  ...ONES.map((word, value) => [oneSound(value), word] as const),
  ...TENS.map((word, i) => [`number-${String((i + 2) * 10)}`, word] as const),
  [HUNDRED, 'hundred'],
]);

/** The sounds of a whole number from 0 to 999, in the order of playing. */
export function numberSounds(value: number): string[] {
  if (value >= 100) {
    const rest = value % 100;
    return [oneSound(Math.floor(value / 100)), HUNDRED, ...(rest === 0 ? [] : numberSounds(rest))];
  }
  if (value < ONES.length) return [oneSound(value)];
  const ones = value % 10;
  return [`number-${String(value - ones)}`, ...(ones === 0 ? [] : [oneSound(ones)])];
}

function oneSound(value: number): string {
  return value < 10 ? soundName(String(value)) : `number-${String(value)}`;
}
