import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { accounts } from './accounts.ts';
import { startBare } from './bare/bare.ts';
import { startRoom } from './conference/start-room.ts';
import { startKamailio } from './kamailio/kamailio.ts';
import { measure, type Part, PARTS } from './measure.ts';
import { CHECKOUT, startPerch } from './perch/perch.ts';
import { measureRecords, recordsTable } from './records/records.ts';
import { toJson, toTable } from './report.ts';
import type { Contender } from './server-under-load.ts';

/**
 * `npm run bench`: what Perch costs and how much load it takes on one core, measured from outside on real sockets, beside what WebSocket
 * costs with nothing behind it. `-- --against kamailio` puts the same load on Debian's Kamailio, and `-- --against FOLDER` on the Perch
 * of another checkout, in turns on the same core. `-- --only calls,register` measures these parts, `-- --rounds 9` more often, and
 * `-- --json` prints one line. `-- --only records` measures what reads a year of records (Perch alone; with `--data FOLDER` they are kept there for the next time), and `-- --only floor` how soon a change shows on the floor of a large one; `-- --pages` measures the pages instead (`client/bench/main.ts`, which has options of its own), and `-- --attack` what floods do (`attack/main.ts`).
 */
if (process.argv.includes('--pages')) measureInBrowser(process.argv.slice(2));
if (process.argv.includes('--attack'))
  runInstead(new URL('attack/main.ts', import.meta.url), process.argv.slice(2));
const { values: options } = parseArgs({
  options: {
    against: { type: 'string' },
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

function measureInBrowser(args: readonly string[]): never {
  runInstead(new URL('../../client/bench/main.ts', import.meta.url), args);
}

/** Ends with its exit code. */
function runInstead(file: URL, args: readonly string[]): never {
  const { status } = spawnSync(process.execPath, [fileURLToPath(file), ...args], { stdio: 'inherit' });
  process.exit(status ?? 1);
}

/** Phones in the idle and the storm measurement. */
const PHONES = 5_000;

function parts(): ReadonlySet<Part> {
  const named = options.only?.split(',') ?? PARTS;
  const known = PARTS.filter((part) => named.includes(part));
  if (known.length !== named.length)
    throw new Error(`--only knows ${PARTS.join(', ')}, and records or floor alone`);
  return new Set(known);
}

function rounds(): number {
  const count = Number(options.rounds);
  if (!Number.isInteger(count) || count < 1) throw new Error('--rounds is a number from 1 on');
  return count;
}

/** Another Perch has tables of its own, which its own bench can fill. */
async function rival(against: string): Promise<Contender> {
  if (against === 'kamailio') return { name: 'Kamailio', start: startKamailio };
  const checkout = resolve(against);
  const its = pathToFileURL(join(checkout, 'server/bench/perch/perch.ts')).href;
  const { startPerch: start } = (await import(its)) as { readonly startPerch: typeof startPerch };
  return { name: 'Other', start: (phones, pages) => start(checkout, phones, pages) };
}

// Ending as usual ends the servers, too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

if (options.only === 'floor') measureInBrowser(['--floor', ...(options.json ? ['--json'] : [])]);
const progress = (what: string): void => void process.stderr.write(`${what}\n`);
if (options.only === 'records') {
  const figures = await measureRecords(options.data, rounds(), progress);
  console.log(options.json ? JSON.stringify({ records: figures }) : recordsTable(figures));
  process.exit(0);
}

const contenders: readonly Contender[] = [
  { name: 'Perch', start: (phones, pages) => startPerch(CHECKOUT, phones, pages), startRoom },
  { name: 'bare WebSocket', start: startBare },
  ...(options.against === undefined ? [] : [await rival(options.against)]),
];
const [perch, floor, theirs] = await measure({
  contenders,
  accounts: accounts(PHONES),
  parts: parts(),
  rounds: rounds(),
  progress,
});
if (perch !== undefined && floor !== undefined) {
  const name = contenders[2]?.name;
  const measured = { perch, floor, ...(theirs && name && { rival: { name, figures: theirs } }) };
  console.log(options.json ? toJson(measured) : toTable(measured));
}
