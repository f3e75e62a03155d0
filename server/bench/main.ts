import { parseArgs } from 'node:util';
import { accounts } from './accounts.ts';
import { startKamailio } from './kamailio/kamailio.ts';
import { type Contender, IDLE_PHONES, measure } from './measure.ts';
import { startPerch } from './perch/perch.ts';
import { toJson, toTable } from './report.ts';

/**
 * `npm run bench`: how much Perch bears on one core, measured from outside on real sockets. `-- --against kamailio` puts
 * the same load on Debian's Kamailio, in turns on the same core; `-- --json` prints one line.
 */
const { values: options } = parseArgs({
  options: { against: { type: 'string' }, json: { type: 'boolean', default: false } },
});
if (options.against !== undefined && options.against !== 'kamailio') {
  throw new Error(`--against knows kamailio, not ${options.against}`);
}

// Ending as usual ends the servers, too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const contenders: Contender[] = [{ name: 'Perch', start: startPerch }];
if (options.against !== undefined) contenders.push({ name: 'Kamailio', start: startKamailio });
const [perch, kamailio] = await measure(contenders, accounts(IDLE_PHONES), (what) =>
  process.stderr.write(`${what}\n`),
);
if (perch !== undefined) console.log(options.json ? toJson(perch, kamailio) : toTable(perch, kamailio));
