import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { GENERATOR_CORE } from '../pinned-process.ts';
import { writeFigures } from '../../figures/figures.ts';
import { type AttackFigures, excesses, toJson, toMarkdown, toText } from './attack-report.ts';
import { measureStop } from './graceful-stop.ts';
import { STOP, stopExcesses, stopSentence } from './stop-report.ts';
import { ATTACKS, attacksNamed } from './attacks.ts';
import { measureAttacks } from './measure-attack.ts';

/**
 * `npm run bench -- --attack`: what floods do to a server and to the calls of others on it. `--attack NAME,NAME` makes these alone,
 * `--json` prints one line, `--figures` puts the figures into docs/reliability.md. Exits with 1 where an attack does more than it may.
 */
const { values: options, positionals } = parseArgs({
  options: {
    attack: { type: 'boolean' },
    json: { type: 'boolean', default: false },
    figures: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

// Ending as usual ends the servers, too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
// The server's core is for the server alone.
spawnSync('taskset', ['--pid', '--cpu-list', GENERATOR_CORE, String(process.pid)]);

const names = positionals.flatMap((name) => name.split(','));
const isAll = names.length === 0;
const attacks = isAll ? ATTACKS : attacksNamed(names.filter((name) => name !== STOP));
const settling: Promise<AttackFigures>[] = [];
// What those leave that go first has gone when the others are over.
const alone = attacks.filter((attack) => attack.alone).map((attack) => [attack]);
const others = attacks.filter((attack) => !attack.alone);
for (const together of others.length > 0 ? [...alone, others] : alone) {
  for (const settled of await measureAttacks(together)) {
    settling.push(settled);
    // One that fails is told of at the end.
    const told = settled.then((figures) => options.json || console.log(`${toText(figures)}\n`));
    told.catch(() => undefined);
  }
}
const stop = isAll || names.includes(STOP) ? await measureStop() : undefined;
if (stop !== undefined && !options.json) console.log(`${STOP}: ${stopSentence(stop)}`);
const order = ATTACKS.map(({ name }) => name);
const all = (await Promise.all(settling)).toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
if (options.json) console.log(toJson(all, stop));
if (options.figures)
  await writeFigures({ name: 'floods', command: 'npm run bench -- --attack', body: toMarkdown(all, stop) });
const beyond = [...all.flatMap(excesses), ...(stop ? stopExcesses(stop) : [])];
for (const excess of beyond) process.stderr.write(`${excess}\n`);
process.exit(beyond.length > 0 ? 1 : 0);
