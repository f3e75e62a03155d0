import { named, numberName, soundName } from './sound-names.ts';
import type { SpokenNumbers } from './number-speech.ts';

const [AND_ONE, AND_ELEVEN, HUNDRED] = [numberName('and-1'), numberName('and-11'), numberName(100)];
const oneSound = (value: number): string => (value < 10 ? soundName(value) : numberName(value));

/** There is no word for 70 and 90: `soixante-dix`, `quatre-vingt-dix`. */
const baseOf = (value: number): number => {
  if (value >= 80) return 80;
  return value >= 60 ? 60 : value - (value % 10);
};

function sounds(value: number): string[] {
  if (value >= 100) {
    const [hundreds, rest] = [Math.floor(value / 100), value % 100];
    return [...(hundreds === 1 ? [] : [oneSound(hundreds)]), HUNDRED, ...(rest === 0 ? [] : sounds(rest))];
  }
  if (value < 20) return [oneSound(value)];
  const base = baseOf(value);
  const rest = value - base;
  if (rest === 0) return [numberName(base)];
  const isLinked = base < 80;
  if (isLinked && rest === 1) return [numberName(base), AND_ONE];
  return [numberName(base), isLinked && rest === 11 ? AND_ELEVEN : oneSound(rest)];
}

export const french: SpokenNumbers = {
  words: new Map([
    ...named(soundName, ['zéro', 'un', 'deux', 'trois', 'quatre', 'cinq', 'six', 'sept', 'huit', 'neuf']),
    ...named(
      numberName,
      [
        ...['dix', 'onze', 'douze', 'treize', 'quatorze', 'quinze', 'seize', 'dix-sept', 'dix-huit'],
        ...['dix-neuf'],
      ],
      10,
    ),
    ...named(numberName, ['vingt', 'trente', 'quarante', 'cinquante', 'soixante'], 20, 10),
    [numberName(80), 'quatre-vingts'],
    [AND_ONE, 'et un'],
    [AND_ELEVEN, 'et onze'],
    [HUNDRED, 'cent'],
  ]),
  sounds,
};
