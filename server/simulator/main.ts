import process from 'node:process';
import { type Options, optionsOf } from './options.ts';
import { reportOn, textOf } from './report.ts';
import { simulate } from './simulation.ts';

/**
 * `npm run simulate`: the whole server with its phones, network, disk and time, from one seed after another, and the rules that must hold whatever
 * happens. `-- --seeds 1000 --from 1 --hours 1` is how many, which and how long, `--json` prints one line, and `--trace` everything that happens in
 * the first of them. A seed that fails is made as short as it can be. `-- --mutants` breaks the product in known ways, each of which must be noticed.
 */
async function main(options: Options): Promise<boolean> {
  if (options.mutants) {
    const { breakAll } = await import('./mutants/break-all.ts');
    return breakAll();
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
  return report.failed.length === 0;
}

if (!(await main(optionsOf(process.argv.slice(2))))) process.exitCode = 1;
