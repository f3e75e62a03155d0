import process from 'node:process';
import { breakLines } from '../../altered/broken-lines.ts';
import { MUTANTS } from './mutants.ts';

/*
 * Runs seeds of a product that is broken in one way, until a rule notices: `node broken.ts NUMBER SEEDS`. The source is changed as it is loaded; the
 * file stays as it is. Prints the seed, or -1, and the rule that was broken.
 */
const [number = '0', seeds = '20'] = process.argv.slice(2);
const mutant = MUTANTS[Number(number)];
if (mutant === undefined) throw new Error(`there is no mutant ${number}`);
breakLines([mutant]);

const { simulate } = await import('../simulation.ts');
let result = { seed: -1, fault: '' };
for (let seed = 1; seed <= Number(seeds) && result.seed < 0; seed++) {
  const { faults } = await simulate({ seed, hours: 1 });
  if (faults[0] !== undefined) result = { seed, fault: faults[0] };
}
console.log(JSON.stringify(result));
process.exit();
