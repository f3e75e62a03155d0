import process from 'node:process';
import { writeFigures } from '../figures/figures.ts';
import { type Options, optionsOf } from './options.ts';
import { linesOf, reportOn, textOf } from './report.ts';
import { simulate } from './simulation.ts';

/**
 * `npm run simulate`: the whole server with its phones, network, disk and time, from one seed after another, and the rules that must hold whatever
 * happens. `-- --seeds 1000 --from 1 --hours 1` is how many, which and how long, `--json` prints one line, and `--trace` everything that happens in
 * the first of them. A seed that fails is made as short as it can be. `-- --mutants` breaks the product in known ways, each of which must be noticed.
 * `--figures` writes what was found into docs/reliability.md.
 */
async function main(options: Options): Promise<boolean> {
  const command = `npm run simulate -- ${process.argv.slice(2).join(' ')}`;
  if (options.mutants) {
    const { breakAll, tableOfMutants } = await import('./mutants/break-all.ts');
    const outcomes = breakAll();
    if (options.figures) await writeFigures({ name: 'mutants', command, body: tableOfMutants(outcomes) });
    return outcomes.every(({ seed }) => seed >= 0);
  }
  if (options.trace) {
    const { trace } = await simulate({ seed: options.from, hours: options.hours, keepsTrace: true });
    console.log(trace.join('\n'));
    return true;
  }
  const report = await reportOn(options, ({ seed, faults }) => {
    if (faults.length > 0) process.stderr.write(`seed ${String(seed)}: ${faults[0] ?? ''}\n`);
  });
  console.log(options.json ? JSON.stringify(report) : textOf(report));
  if (options.figures) await writeFigures({ name: 'simulator', command, body: linesOf(report) });
  return report.failed.length === 0;
}

if (!(await main(optionsOf(process.argv.slice(2))))) process.exitCode = 1;
