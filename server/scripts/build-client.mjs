// Builds the client where its sources are newer than what was built last.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));
/** What the build itself writes, and what is none of its business. */
const IGNORED = new Set(['dist', 'node_modules', 'paraglide', 'tests']);

const sources = Math.max(
  ...['client', 'shared', 'package-lock.json'].map((path) => newest(join(repository, path))),
);
const built = statSync(join(repository, 'client/dist/index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (built < sources) {
  process.stderr.write('Building the pages …\n');
  const npm = process.env['npm_execpath'];
  const args = ['run', 'build', '--workspace', 'client'];
  // Standard output belongs to whatever is started next.
  const options = { cwd: repository, stdio: /** @type {const} */ (['ignore', 2, 2]) };
  const { status } = npm
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, options);
  if (status !== 0) {
    process.stderr.write('The pages could not be built; what went wrong stands above.\n');
    process.exit(1);
  }
}

/**
 * When something in there was last changed, added or removed (milliseconds).
 * @param {string} path
 * @returns {number}
 */
function newest(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  const names = readdirSync(path).filter((name) => !IGNORED.has(name));
  return Math.max(stats.mtimeMs, ...names.map((name) => newest(join(path, name))));
}
