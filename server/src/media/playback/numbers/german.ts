import { named, numberName, soundName } from './sound-names.ts';
import type { SpokenNumbers } from './number-speech.ts';

/** The ones come before the tens: `einundzwanzig`. In front of a Nachricht, 1 is `eine`; of a hundred, `ein`. */
const [ONE, ONE_OF, HUNDRED] = [numberName(1), numberName('one-of'), numberName(100)];
const andName = (ones: number): string => numberName(`${ones}-and`);

function sounds(value: number): string[] {
  if (value >= 100) {
    const [hundreds, rest] = [Math.floor(value / 100), value % 100];
    return [hundreds === 1 ? ONE_OF : soundName(hundreds), HUNDRED, ...(rest === 0 ? [] : sounds(rest))];
  }
  if (value < 20) return [value === 1 ? ONE : value < 10 ? soundName(value) : numberName(value)];
  const ones = value % 10;
  return [...(ones === 0 ? [] : [andName(ones)]), numberName(value - ones)];
}

export const german: SpokenNumbers = {
  words: new Map([
    ...named(soundName, ['null', 'eins', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun']),
    [ONE, 'eine'],
    [ONE_OF, 'ein'],
    ...named(
      andName,
      [
        ...['einund', 'zweiund', 'dreiund', 'vierund', 'fünfund', 'sechsund', 'siebenund', 'achtund'],
        ...['neunund'],
      ],
      1,
    ),
    ...named(
      numberName,
      [
        ...['zehn', 'elf', 'zwölf', 'dreizehn', 'vierzehn', 'fünfzehn', 'sechzehn', 'siebzehn'],
        ...['achtzehn', 'neunzehn'],
      ],
      10,
    ),
    ...named(
      numberName,
      ['zwanzig', 'dreißig', 'vierzig', 'fünfzig', 'sechzig', 'siebzig', 'achtzig', 'neunzig'],
      20,
      10,
    ),
    [HUNDRED, 'hundert'],
  ]),
  sounds,
};
