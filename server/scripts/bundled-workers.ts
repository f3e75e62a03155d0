/**
 * For vitest: the archive's thread starts from one file in place of 400, in a quarter of the processor time; unit tests start it some hundred times. The
 * file is made when a module that starts the thread is first loaded.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import process from 'node:process';
import { rolldown } from 'rolldown';
import type { Plugin } from 'vitest/config';

const FOLDER = fileURLToPath(new URL('../../node_modules/.cache/perch-workers', import.meta.url));
/** The address of the worker beside the module that starts it. */
const BESIDE = /new URL\('\.\/(archive-worker)\.ts', import\.meta\.url\)/;

/** @returns where it is, and what was put into it. */
async function bundled(source: string, name: string): Promise<{ file: string; modules: readonly string[] }> {
  // better-sqlite3 loads code for the machine.
  const bundle = await rolldown({
    input: { [name]: source },
    platform: 'node',
    external: /^better-sqlite3$/,
  });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
  await bundle.close();
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, `${name}.mjs`);
  // Other tests may be running: they find one that is whole.
  const unfinished = `${file}.${String(process.pid)}`;
  writeFileSync(unfinished, output[0].code);
  renameSync(unfinished, file);
  return { file, modules: output[0].moduleIds };
}

export const bundledWorkers: Plugin = {
  name: 'bundled workers',
  // Before Vite's own, which knows such addresses too.
  enforce: 'pre',
  transform: {
    filter: { code: BESIDE },
    async handler(code, id) {
      const name = BESIDE.exec(code)?.[1] ?? '';
      const { file, modules } = await bundled(join(dirname(id), `${name}.ts`), name);
      for (const module of modules) this.addWatchFile(module);
      return code.replace(BESIDE, `new URL(${JSON.stringify(pathToFileURL(file).href)})`);
    },
  },
};
