import process from 'node:process';
import { tableOf, writeFigures } from '../figures/figures.ts';
import { fuzz, type Outcome } from './fuzz.ts';
import { optionsOf } from './options.ts';
import { PARSERS } from './parsers.ts';

/**
 * `npm run fuzz`: changes messages over and over and gives them to the parsers, led by which branches they reach. `-- --parser NAME` is one of them,
 * `--seconds N` how long all of them together, or `--executions N` how many inputs of each, `--seed TEXT` where the changes come from. `--keep` writes what reaches something new to
 * `corpus/`, and what is found to `findings/`, which are tests from then on. `--json` prints one line for each parser, `--figures` writes them all into docs/reliability.md.
 */
async function main(args: readonly string[]): Promise<void> {
  const parsers = Object.keys(PARSERS);
  const options = optionsOf(args, parsers);
  const { parser } = options;
  const outcomes: Outcome[] = [];
  for await (const outcome of fuzz(parser === undefined ? parsers : [parser], options)) {
    console.log(options.json ? JSON.stringify(outcome) : textOf(outcome));
    outcomes.push(outcome);
    if (outcome.findings.length > 0) process.exitCode = 1;
  }
  const command = ['npm run fuzz --', ...args].join(' ');
  if (options.figures) await writeFigures({ name: 'fuzz', command, body: tableOfOutcomes(outcomes) });
}

function textOf({ parser, executions, seconds, reached, branches, corpus, findings }: Outcome): string {
  return [
    `${parser}: ${executions} inputs, ${Math.round(executions / seconds)} a second; ${reached} of ${branches} branches reached; ` +
      `${corpus} inputs in the corpus; ${findings.length} findings`,
    ...findings.map(({ what, input }) => `  ${what}\n    ${JSON.stringify(input.slice(0, 400))}`),
  ].join('\n');
}

const tableOfOutcomes = (outcomes: readonly Outcome[]): string =>
  tableOf([
    ['Parser', 'Inputs', 'a second', 'Branches reached', 'of', 'Corpus', 'Findings'],
    ...outcomes.map(({ parser, executions, seconds, reached, branches, corpus, findings }) => {
      const rate = Math.round(executions / seconds);
      return [parser, executions, rate, reached, branches, corpus, findings.length];
    }),
  ]);

await main(process.argv.slice(2));
