import type { SumRows } from '../../../../records/ports.ts';
import type { Pairs } from './pairs.ts';

/** The same with the numbers that stand for ids (`ArchiveKeys`); 0 for an id that has none. */
export interface NumberedRows extends Omit<SumRows, 'extensions' | 'terminals'> {
  readonly extensions: Int32Array;
  readonly terminals: Int32Array;
}

/** In which rows the parts of pairs are added up. */
export interface PairRows {
  /** By the numbers of pairs; -1 where the pair does not count. */
  readonly rows: Int32Array;
  /** By the numbers of pairs, whether the extension is a guest there: 1 or 0. */
  readonly isAway: Uint8Array;
  readonly count: number;
  /** Does every pair count? */
  readonly areAll: boolean;
}

/** The rows of all pairs. `only`: of these extensions, where some are given. */
export function pairRows(
  pairs: Pairs['all'],
  { by, extensions, terminals, rows, count }: NumberedRows,
  only: readonly number[] | undefined,
): PairRows {
  const wanted = only && new Set(only);
  const whose = by === 'extension' ? extensions : terminals;
  const most = [extensions, terminals].reduce(
    (all, keys) => keys.reduce((one, key) => Math.max(one, key), all),
    0,
  );
  const [rowOf, homeOf] = [new Int32Array(most + 1).fill(count - 1), new Int32Array(most + 1)];
  for (let known = 0; known < rows.length; known++) {
    rowOf[whose[known] ?? 0] = rows[known] ?? count - 1;
    homeOf[extensions[known] ?? 0] = terminals[known] ?? 0;
  }
  // Where no call is about somebody, their number is nobody's.
  rowOf[0] = count - 1;
  const placed = { rows: new Int32Array(pairs.length), isAway: new Uint8Array(pairs.length), count };
  for (let number = 0; number < pairs.length; number++) {
    const { extension, terminal } = pairs[number] ?? { extension: 0, terminal: null };
    const row = rowOf[(by === 'extension' ? extension : terminal) ?? 0] ?? count - 1;
    placed.rows[number] = wanted?.has(extension) === false ? -1 : row;
    placed.isAway[number] = Number(terminal !== null && homeOf[extension] !== terminal);
  }
  return { ...placed, areAll: wanted === undefined };
}
