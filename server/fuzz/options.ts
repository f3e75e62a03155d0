import { parseArgs } from 'node:util';

/** What was asked of the fuzzer. */
export interface Options {
  /** All where left out. */
  readonly parser: string | undefined;
  readonly seed: string;
  /** Of all parsers together. */
  readonly seconds: number | undefined;
  /** Of each parser, in place of a time. */
  readonly executions: number | undefined;
  /** Writes what reaches something new into the corpus, and what is found to the findings. */
  readonly keeps: boolean;
  readonly json: boolean;
  /** Writes the outcome into docs/reliability.md. */
  readonly figures: boolean;
}

/** @throws {Error} with a sentence that says what is wrong. */
export function optionsOf(args: readonly string[], parsers: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      parser: { type: 'string' },
      seed: { type: 'string', default: '1' },
      seconds: { type: 'string' },
      executions: { type: 'string' },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      figures: { type: 'boolean', default: false },
    },
  });
  const { parser, seed, keep, json, figures } = values;
  if (parser !== undefined && !parsers.includes(parser))
    throw new Error(`--parser is one of ${parsers.join(', ')}`);
  if (values.seconds !== undefined && values.executions !== undefined)
    throw new Error('--seconds or --executions, not both');
  if (figures && parser !== undefined) throw new Error('--figures are those of all parsers, not of one');
  const executions = count('executions', values.executions);
  const seconds = executions === undefined ? (count('seconds', values.seconds) ?? 300) : undefined;
  return { parser, seed, seconds, executions, keeps: keep, json, figures };
}

function count(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} is a whole number from 1 on`);
  return number;
}
