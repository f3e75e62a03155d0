import process from 'node:process';
import { fuzz, type Outcome } from './fuzz.ts';
import { optionsOf } from './options.ts';
import { PARSERS } from './parsers.ts';

/**
 * `npm run fuzz`: changes messages over and over and gives them to the parsers, led by which branches they reach. `-- --parser NAME` is one of them,
 * `--seconds N` how long for each, or `--executions N` how many inputs, `--seed TEXT` where the changes come from. `--keep` writes what reaches something new to
 * `corpus/`, and what is found to `findings/`, which are tests from then on. `--json` prints one line for each parser.
 */
async function main(args: readonly string[]): Promise<void> {
  const parsers = Object.keys(PARSERS);
  const options = optionsOf(args, parsers);
  const { parser } = options;
  for await (const outcome of fuzz(parser === undefined ? parsers : [parser], options)) {
    console.log(options.json ? JSON.stringify(outcome) : textOf(outcome));
    if (outcome.findings.length > 0) process.exitCode = 1;
  }
}

function textOf({ parser, executions, seconds, reached, branches, corpus, findings }: Outcome): string {
  return [
    `${parser}: ${executions} inputs, ${Math.round(executions / seconds)} a second; ${reached} of ${branches} branches reached; ` +
      `${corpus} inputs in the corpus; ${findings.length} findings`,
    ...findings.map(({ what, input }) => `  ${what}\n    ${JSON.stringify(input.slice(0, 400))}`),
  ].join('\n');
}

await main(process.argv.slice(2));
