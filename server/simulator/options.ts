import { parseArgs } from 'node:util';

/** What was asked of the simulator. */
export interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly hours: number;
  readonly json: boolean;
  /** Prints everything that happens in the first seed. */
  readonly trace: boolean;
  /** Writes what is printed into docs/reliability.md as well. */
  readonly figures: boolean;
  /** Breaks the product in the ways of the list, one by one, instead. */
  readonly mutants: boolean;
}

/** @throws {Error} with a sentence that says what is wrong. */
export function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '100' },
      from: { type: 'string', default: '1' },
      hours: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
      figures: { type: 'boolean', default: false },
      mutants: { type: 'boolean', default: false },
    },
  });
  const { json, trace, figures, mutants } = values;
  const [seeds, from] = [Number(values.seeds), Number(values.from)];
  const hours = Number(values.hours);
  if (!Number.isInteger(seeds) || seeds < 1) throw new Error('--seeds is a whole number from 1 on');
  if (!Number.isInteger(from) || from < 0) throw new Error('--from is a whole number from 0 on');
  if (!(hours > 0)) throw new Error('--hours is a number above 0');
  return { seeds, from, hours, json, trace, figures, mutants };
}
