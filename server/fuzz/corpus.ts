import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * Inputs on disk: a text for each parser, with an input a line, as a JSON string in which one code unit is one octet. `corpus` has what reaches
 * something, `findings` what once did what it must not.
 */
type Shelf = 'corpus' | 'findings';

const fileOf = (shelf: Shelf, parser: string): URL => new URL(`${shelf}/${parser}.txt`, import.meta.url);

/** None where there is no file. */
export function inputsOf(shelf: Shelf, parser: string): Buffer[] {
  const file = fileOf(shelf, parser);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line) => (line === '' ? [] : Buffer.from(JSON.parse(line) as string, 'latin1')));
}

/** The shortest first. */
export function keep(shelf: Shelf, parser: string, inputs: readonly Buffer[]): void {
  const lines = inputs.map((input) => JSON.stringify(input.toString('latin1')).replaceAll(CONTROLS, escaped));
  lines.sort((one, other) => one.length - other.length || (one < other ? -1 : 1));
  writeFileSync(fileOf(shelf, parser), [...new Set(lines)].map((line) => `${line}\n`).join(''));
}

/** Editors and Git would take a file with these for a binary one. */
const CONTROLS = /[\u007f-\u00a0\u00ad]/g;
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
