import { named, numberName, soundName } from './sound-names.ts';
import type { SpokenNumbers } from './number-speech.ts';

const HUNDRED = numberName(100);
const oneSound = (value: number): string => (value < 10 ? soundName(value) : numberName(value));

function sounds(value: number): string[] {
  if (value >= 100) {
    const rest = value % 100;
    return [oneSound(Math.floor(value / 100)), HUNDRED, ...(rest === 0 ? [] : sounds(rest))];
  }
  if (value < 20) return [oneSound(value)];
  const ones = value % 10;
  return [numberName(value - ones), ...(ones === 0 ? [] : [oneSound(ones)])];
}

export const english: SpokenNumbers = {
  words: new Map([
    ...named(soundName, ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']),
    ...named(
      numberName,
      [
        ...['ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen'],
        ...['eighteen', 'nineteen'],
      ],
      10,
    ),
    ...named(
      numberName,
      ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'],
      20,
      10,
    ),
    [HUNDRED, 'hundred'],
  ]),
  sounds,
};
