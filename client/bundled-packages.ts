import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const REPOSITORY = fileURLToPath(new URL('../', import.meta.url));
/** In the folder of the built pages. */
const FILE = '.packages.json';

/**
 * Notes which packages of others are in what is built, as their folders in the repository, such as `node_modules/svelte`: the release
 * names them with their licences.
 */
export function bundledPackages(): { pages: Plugin; worker: Plugin } {
  const found = new Set<string>();
  const collect: Plugin = {
    name: 'bundled-packages',
    apply: 'build',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        // Styles, and modules of which nothing is left, are not in a chunk: what they are of is shipped all the same.
        if (chunk.type === 'chunk') for (const id of chunk.moduleIds) note(id);
      }
      for (const id of this.getModuleIds()) if (/\.css($|\?)/.test(id)) note(id);
    },
  };
  return {
    worker: collect,
    pages: {
      ...collect,
      closeBundle: {
        order: 'post',
        sequential: true,
        handler() {
          const folder = resolve(REPOSITORY, 'client/dist');
          writeFileSync(join(folder, FILE), `${JSON.stringify([...found].toSorted(), null, 2)}\n`);
        },
      },
    },
  };

  function note(module: string): void {
    if (!module.includes('/node_modules/')) return;
    for (let folder = dirname(module); folder !== dirname(folder); folder = dirname(folder)) {
      if (/\/node_modules\/(@[^/]+\/)?[^/]+$/.test(folder) && existsSync(join(folder, 'package.json'))) {
        found.add(relative(REPOSITORY, folder));
        return;
      }
    }
  }
}
