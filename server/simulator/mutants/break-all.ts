import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { tableOf } from '../../figures/figures.ts';
import { type Mutant, MUTANTS } from './mutants.ts';

/** In so many seeds of one hour a mutant has to be noticed. */
const SEEDS = 40;

interface Outcome {
  readonly mutant: Mutant;
  /** The first that notices it; -1 where none does. */
  readonly seed: number;
  readonly fault: string;
}

/** Runs every mutant in a process of its own, and prints what has noticed it. */
export function breakAll(): readonly Outcome[] {
  const outcomes = MUTANTS.map((mutant, number) => {
    const { name, rule } = mutant;
    const file = fileURLToPath(new URL('broken.ts', import.meta.url));
    const { stdout, stderr } = spawnSync(process.execPath, [file, String(number), String(SEEDS)], {
      encoding: 'utf8',
    });
    const { seed, fault } = resultIn(stdout);
    console.log(
      seed < 0 ? `SURVIVED ${name}${stderr && `: ${stderr}`}` : `seed ${String(seed)} notices: ${name}`,
    );
    if (seed >= 0) console.log(`  ${rule}: ${fault.split('\n')[0]?.slice(0, 160) ?? ''}`);
    return { mutant, seed, fault };
  });
  console.log(countOf(outcomes));
  return outcomes;
}

/** Which line was broken, and by what that was noticed: Markdown. */
export const tableOfMutants = (outcomes: readonly Outcome[]): string =>
  [
    `${countOf(outcomes)}.`,
    tableOf([
      ['the product is broken so', 'in', 'noticed by the rule', 'seed'],
      ...outcomes.map(({ mutant: { name, file, rule }, seed }) => [
        name,
        `\`${file}\``,
        rule,
        seed < 0 ? `in none of ${String(SEEDS)}` : seed,
      ]),
    ]),
  ].join('\n\n');

const countOf = (outcomes: readonly Outcome[]): string =>
  `${String(outcomes.filter(({ seed }) => seed >= 0).length)} of ${String(outcomes.length)} mutants noticed`;

function resultIn(text: string): Pick<Outcome, 'seed' | 'fault'> {
  try {
    return JSON.parse(text.trim().split('\n').at(-1) ?? '') as Pick<Outcome, 'seed' | 'fault'>;
  } catch {
    return { seed: -1, fault: '' };
  }
}
