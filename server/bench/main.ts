import { parseArgs } from 'node:util';
import { accounts } from './accounts.ts';
import { startKamailio } from './kamailio/kamailio.ts';
import { IDLE_PHONES, measure } from './measure.ts';
import { startPerch } from './perch/perch.ts';
import { toJson, toTable } from './report.ts';

/**
 * `npm run bench`: how much Perch bears on one core, measured from outside on real sockets. `-- --against kamailio` puts
 * the same load on Debian's Kamailio first, on the same core; `-- --json` prints one line.
 */
const { values: options } = parseArgs({
  options: { against: { type: 'string' }, json: { type: 'boolean', default: false } },
});
if (options.against !== undefined && options.against !== 'kamailio') {
  throw new Error(`--against knows kamailio, not ${options.against}`);
}

const phones = accounts(IDLE_PHONES);
const measured = [];
for (const [name, start] of [
  ['Kamailio', options.against === undefined ? undefined : startKamailio],
  ['Perch', startPerch],
] as const) {
  if (start === undefined) continue;
  const peer = await start(phones);
  try {
    measured.unshift(await measure(peer, phones, (what) => process.stderr.write(`${name}: ${what}\n`)));
  } finally {
    await peer.end();
  }
}
const [perch, kamailio] = measured;
if (perch !== undefined) console.log(options.json ? toJson(perch, kamailio) : toTable(perch, kamailio));
