import { inputsOf, keep } from './corpus.ts';
import { Coverage, observe } from './coverage.ts';
import { Fuzzer } from './fuzzer.ts';
import type { Options } from './options.ts';
import { PARSERS } from './parsers.ts';
import type { Target } from './target.ts';

/** How a parser fared. */
export interface Outcome {
  readonly parser: string;
  readonly executions: number;
  readonly seconds: number;
  /** Branches that were reached, of how many in its files. */
  readonly reached: number;
  readonly branches: number;
  readonly corpus: number;
  readonly findings: readonly { readonly what: string; readonly input: string }[];
}

/** Longer inputs lead the fuzzer on, but are not kept: it finds them again. */
const LONGEST_KEPT = 1_024;
/** Between looks at the clock. */
const STEPS = 100;

/** One parser after the other; none of them may have been loaded in this process before, as its branches could not be counted then. */
export async function* fuzz(parsers: readonly string[], options: Options): AsyncGenerator<Outcome> {
  observe([...new Set(parsers.flatMap((parser) => filesOf(parser)))]);
  const begin = performance.now();
  const { seconds } = options;
  for (const [at, parser] of parsers.entries()) {
    const loaded = await PARSERS[parser]?.load();
    if (loaded === undefined) throw new Error(`there is no parser ${parser}`);
    const end = seconds === undefined ? undefined : begin + (seconds * 1_000 * (at + 1)) / parsers.length;
    yield fuzzOne(parser, loaded.target, options, end);
  }
}

const filesOf = (parser: string): readonly string[] => PARSERS[parser]?.files ?? [];

/** Until `end`, a time of `performance.now()`, or until all executions were made. */
function fuzzOne(
  parser: string,
  target: Target,
  { seed, executions, keeps }: Options,
  end: number | undefined,
): Outcome {
  const now = (): number => performance.now();
  const begin = now();
  const coverage = new Coverage(filesOf(parser));
  const fuzzer = new Fuzzer(target, { seed, coverage, ...(end !== undefined && { now }) });
  fuzzer.take([...target.seeds, ...inputsOf('findings', parser), ...inputsOf('corpus', parser)]);
  const isOver = (): boolean => (end === undefined ? fuzzer.executions >= (executions ?? 0) : now() >= end);
  while (!isOver() && fuzzer.step(STEPS));
  const outcome = {
    parser,
    executions: fuzzer.executions,
    seconds: (now() - begin) / 1_000,
    reached: coverage.reached,
    branches: coverage.total,
    corpus: fuzzer.corpus.length,
    findings: fuzzer.findings.map(({ what, input }) => ({ what, input: input.toString('latin1') })),
  };
  if (keeps) keepAll(parser, target, fuzzer);
  return outcome;
}

/** Of the corpus, the shortest inputs that reach all that all of them do. */
function keepAll(parser: string, target: Target, { corpus, findings }: Fuzzer): void {
  const coverage = new Coverage(filesOf(parser));
  const shortestFirst = [...corpus].sort((one, other) => one.length - other.length);
  const needed = shortestFirst.filter((input) => {
    coverage.run(() => target.parse(input));
    return coverage.isNew() && input.length <= LONGEST_KEPT;
  });
  keep('corpus', parser, needed);
  const found = findings.map(({ input }) => input);
  if (found.length > 0) keep('findings', parser, [...inputsOf('findings', parser), ...found]);
}
