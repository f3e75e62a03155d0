// Builds the client where its sources are newer than what was built last.
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { npmStep, repository } from './npm-step.mjs';

/** What the build itself and svelte-check write, and what it does not use. */
const IGNORED = new Set(['.svelte-check', 'dist', 'node_modules', 'tests', 'texts.ts']);

const sources = Math.max(
  ...['client', 'shared', 'package-lock.json'].map((path) => newest(join(repository, path))),
);
/** Written when everything else is there. A build begins by emptying the folder, so one that was interrupted leaves none. */
const mark = join(repository, 'client/dist/.complete');
const built = statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (built < sources) {
  const { succeeded } = await npmStep('Building the pages', 'run', 'build', '--workspace=client');
  if (!succeeded) {
    process.stderr.write('The pages could not be built; see the output above.\n');
    process.exit(1);
  }
  writeFileSync(mark, '');
}

/**
 * When anything in the folder was last changed, added or removed (milliseconds).
 * @param {string} path
 * @returns {number}
 */
function newest(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  const names = readdirSync(path).filter((name) => !IGNORED.has(name));
  return Math.max(stats.mtimeMs, ...names.map((name) => newest(join(path, name))));
}
