/**
 * `node bundle-server.ts FOLDER`: the server in a few files in place of 1,500, which start in half the processor time. `npm test` starts it some 160
 * times. Each module keeps the address of its source, so that what it reads stays the same; its workers are bundled beside it.
 *
 * In `FOLDER/demo` is a data folder of the demo's as its first start makes it. Most of that start is the slow hashes of its secrets.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import process from 'node:process';
import { type Plugin, rolldown } from 'rolldown';

const [, , folder] = process.argv;
if (folder === undefined) throw new Error('bundle-server.ts FOLDER');

/** Modules that know where they are. */
const ADDRESSED = /import\.meta\.url|\b__(?:dirname|filename)\b/g;

const WORKERS = {
  'archive-worker': 'server/src/storage/sqlite/calls/archive-worker.ts',
  'sound-foreman': 'server/src/media/conversion/sound-foreman.ts',
  'sound-worker': 'server/src/media/conversion/sound-worker.ts',
};
/** The address of a worker beside the module that starts it. */
const BESIDE = /new URL\('\.\/([\w-]+-(?:worker|foreman))\.ts', import\.meta\.url\)/g;

const addresses: Plugin = {
  name: 'addresses of the sources',
  transform: {
    filter: { code: ADDRESSED },
    handler(code, file) {
      // The bundle's own address, spelt so that it is not taken for that of a source.
      const moved = code.replaceAll(BESIDE, (_, name: string) => {
        if (!(name in WORKERS)) throw new Error(`${file} starts ${name}, which is not bundled`);
        return `new URL('./${name}.mjs', import.meta['url'])`;
      });
      return moved.replaceAll(ADDRESSED, (word) => {
        if (word === '__dirname') return JSON.stringify(dirname(file));
        return JSON.stringify(word === '__filename' ? file : pathToFileURL(file).href);
      });
    },
  },
};

const bundle = await rolldown({
  input: {
    perch: 'server/src/main.ts',
    'perch-over-bytes': 'server/tests/support/perch-over-bytes.ts',
    'demo-organizations': 'server/tests/support/demo-organizations.ts',
    'perch-later': 'server/tests/support/perch-later.ts',
    'furnished-folder': 'server/tests/support/furnished-folder.ts',
    ...WORKERS,
  },
  platform: 'node',
  // They load code for the machine.
  external: [/^better-sqlite3$/, /argon2/],
  plugins: [addresses],
});
await rm(folder, { recursive: true, force: true });
await bundle.write({
  dir: folder,
  format: 'esm',
  entryFileNames: '[name].mjs',
  chunkFileNames: '[name]-[hash].mjs',
});
await bundle.close();

const demo = join(folder, 'demo');
mkdirSync(demo, { mode: 0o700 });
execFileSync(process.execPath, [join(folder, 'furnished-folder.mjs')], {
  env: { ...process.env, PERCH_DATA: demo },
  stdio: ['ignore', 'inherit', 'ignore'],
});
