import { takesDe } from '@perch/shared';
import { named, numberName, soundName } from './sound-names.ts';
import type { SpokenNumbers } from './number-speech.ts';

/** In front of a mesaj, which is neuter: `un`, `două`, `douăsprezece`; `unu` at the end of a longer number, and `de` from twenty on. */
const [ONE, TWO, AND, OF] = [1, 2, 'and', 'of'].map(numberName) as [string, string, string, string];

function below100(value: number, isWhole: boolean): string[] {
  if (value === 1) return [isWhole ? ONE : soundName(1)];
  if (value === 2) return [TWO];
  if (value < 20) return [value < 10 ? soundName(value) : numberName(value)];
  const ones = value % 10;
  return [numberName(value - ones), ...(ones === 0 ? [] : [AND, ...below100(ones, false)])];
}

function sounds(value: number): string[] {
  const rest = value % 100;
  return [
    ...(value < 100 ? [] : [numberName(value - rest)]),
    ...(value >= 100 && rest === 0 ? [] : below100(rest, value < 100)),
    ...(takesDe(value) ? [OF] : []),
  ];
}

export const romanian: SpokenNumbers = {
  words: new Map([
    ...named(soundName, ['zero', 'unu', 'doi', 'trei', 'patru', 'cinci', 'șase', 'șapte', 'opt', 'nouă']),
    [ONE, 'un'],
    [TWO, 'două'],
    ...named(
      numberName,
      [
        ...['zece', 'unsprezece', 'douăsprezece', 'treisprezece', 'paisprezece', 'cincisprezece'],
        ...['șaisprezece', 'șaptesprezece', 'optsprezece', 'nouăsprezece'],
      ],
      10,
    ),
    ...named(
      numberName,
      [
        ...['douăzeci', 'treizeci', 'patruzeci', 'cincizeci', 'șaizeci', 'șaptezeci', 'optzeci'],
        ...['nouăzeci'],
      ],
      20,
      10,
    ),
    [AND, 'și'],
    [OF, 'de'],
    ...named(
      numberName,
      [
        ...['o sută', 'două sute', 'trei sute', 'patru sute', 'cinci sute', 'șase sute', 'șapte sute'],
        ...['opt sute', 'nouă sute'],
      ],
      100,
      100,
    ),
  ]),
  sounds,
};
