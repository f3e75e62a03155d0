import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { MUTANTS } from './mutants.ts';

/** In so many seeds of one hour a mutant has to be noticed. */
const SEEDS = 40;

/** Runs every mutant in a process of its own; `false` where one was not noticed. */
export function breakAll(): boolean {
  let survivors = 0;
  MUTANTS.forEach(({ name, rule }, number) => {
    const file = fileURLToPath(new URL('broken.ts', import.meta.url));
    const { stdout, stderr } = spawnSync(process.execPath, [file, String(number), String(SEEDS)], {
      encoding: 'utf8',
    });
    const { seed, fault } = resultIn(stdout);
    if (seed < 0) survivors += 1;
    console.log(
      seed < 0 ? `SURVIVED ${name}${stderr && `: ${stderr}`}` : `seed ${String(seed)} notices: ${name}`,
    );
    if (seed >= 0) console.log(`  ${rule}: ${fault.split('\n')[0]?.slice(0, 160) ?? ''}`);
  });
  console.log(`${String(MUTANTS.length - survivors)} of ${String(MUTANTS.length)} mutants noticed`);
  return survivors === 0;
}

function resultIn(text: string): { readonly seed: number; readonly fault: string } {
  try {
    return JSON.parse(text.trim().split('\n').at(-1) ?? '') as { seed: number; fault: string };
  } catch {
    return { seed: -1, fault: '' };
  }
}
