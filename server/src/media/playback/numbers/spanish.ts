import { named, numberName, soundName } from './sound-names.ts';
import type { SpokenNumbers } from './number-speech.ts';

/** In front of a mensaje, 1 is `un`: `un`, `veintiún`, `treinta y un`. */
const [ONE, AND, HUNDRED, HUNDRED_AND] = [1, 'and', 100, '100-and'].map(numberName) as [
  string,
  string,
  string,
  string,
];
const oneSound = (value: number): string =>
  value === 1 ? ONE : value < 10 ? soundName(value) : numberName(value);

function sounds(value: number): string[] {
  if (value === 100) return [HUNDRED];
  if (value > 100) {
    const rest = value % 100;
    const hundreds = value < 200 ? HUNDRED_AND : numberName(value - rest);
    return [hundreds, ...(rest === 0 ? [] : sounds(rest))];
  }
  if (value < 30) return [oneSound(value)];
  const ones = value % 10;
  return [numberName(value - ones), ...(ones === 0 ? [] : [AND, oneSound(ones)])];
}

export const spanish: SpokenNumbers = {
  words: new Map([
    ...named(soundName, [
      ...['cero', 'uno', 'dos', 'tres', 'cuatro', 'cinco', 'seis', 'siete', 'ocho', 'nueve'],
    ]),
    [ONE, 'un'],
    ...named(
      numberName,
      [
        ...['diez', 'once', 'doce', 'trece', 'catorce', 'quince', 'dieciséis', 'diecisiete', 'dieciocho'],
        ...['diecinueve', 'veinte', 'veintiún', 'veintidós', 'veintitrés', 'veinticuatro', 'veinticinco'],
        ...['veintiséis', 'veintisiete', 'veintiocho', 'veintinueve'],
      ],
      10,
    ),
    ...named(
      numberName,
      ['treinta', 'cuarenta', 'cincuenta', 'sesenta', 'setenta', 'ochenta', 'noventa'],
      30,
      10,
    ),
    [AND, 'y'],
    [HUNDRED, 'cien'],
    [HUNDRED_AND, 'ciento'],
    ...named(
      numberName,
      [
        ...['doscientos', 'trescientos', 'cuatrocientos', 'quinientos', 'seiscientos', 'setecientos'],
        ...['ochocientos', 'novecientos'],
      ],
      200,
      100,
    ),
  ]),
  sounds,
};
