import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type * as Demo from '../../server/tests/support/demo-server.ts';
import { BenchBrowser } from './browser.ts';
import { measureFirstLoad } from './first-load.ts';
import { measureFloor } from './floor.ts';
import { measureInTheHand } from './in-the-hand.ts';
import { FIRST_LOAD_HEAD, toFloorTable, toHandTable, toLines } from './report.ts';
import { VISITS } from './visits.ts';

/**
 * `npm run bench -- --pages`: how soon the pages are there, as Lighthouse judges them, and how soon a call is in the hand. `--of FOLDER`
 * measures another checkout of Perch with its pages built; `--only WORD` the pages with that in their name; `--calls NUMBER` says how
 * many calls are made (0 for none); `--json` prints one line. `npm run bench -- --only floor` measures instead how soon a change shows on the floor of a large
 * organization.
 */
const { values: options } = parseArgs({
  options: {
    pages: { type: 'boolean' },
    floor: { type: 'boolean', default: false },
    of: { type: 'string', default: fileURLToPath(new URL('../..', import.meta.url)) },
    only: { type: 'string', default: '' },
    calls: { type: 'string', default: '9' },
    json: { type: 'boolean', default: false },
  },
});

const demoServer = ['support/demo-server.ts', /* of an older Perch */ 'demo-server.ts']
  .map((file) => join(resolve(options.of), 'server/tests', file))
  .find(existsSync);
if (demoServer === undefined) throw new Error(`${options.of} is no checkout of Perch`);
const { DemoServer } = (await import(pathToFileURL(demoServer).href)) as typeof Demo;
const perch = await DemoServer.start();
const browser = await BenchBrowser.launch(440);
try {
  if (options.floor) {
    const times = await measureFloor(browser, perch, (what) => process.stderr.write(`${what}\n`));
    console.log(options.json ? JSON.stringify({ floor: times }) : toFloorTable(times));
  } else await measurePages();
} finally {
  await browser.close();
  await perch.stop();
}

async function measurePages(): Promise<void> {
  const firstLoads = [];
  const visits = VISITS.filter(({ name }) => name.includes(options.only));
  if (!options.json && visits.length > 0) console.log(FIRST_LOAD_HEAD);
  for (const visit of visits) {
    const firstLoad = await measureFirstLoad(browser, perch, visit);
    firstLoads.push(firstLoad);
    if (!options.json) console.log(toLines(firstLoad));
  }
  const calls = Number(options.calls);
  const inTheHand = calls > 0 ? await measureInTheHand(perch, calls) : undefined;
  if (options.json) console.log(JSON.stringify({ firstLoads, inTheHand }));
  else if (inTheHand) console.log(toHandTable(inTheHand));
}
