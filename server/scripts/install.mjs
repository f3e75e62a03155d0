// Runs before everything else, on whatever Node the machine has: Node 18 and its own modules must do.
import { spawnSync } from 'node:child_process';
import { statSync, utimesSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const installed = changedAt('node_modules/.package-lock.json');

if (installed === undefined || installed < (changedAt('package-lock.json') ?? 0)) {
  process.stderr.write('Installing what Perch is made of …\n');
  // Not `npm ci`: it refuses a lock file without the optional parts of other machines, which npm itself leaves out.
  if (npm('install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error') !== 0) {
    process.stderr.write('npm install failed; what it said stands above.\n');
    process.exit(1);
  }
  // npm leaves the file alone where nothing was to be done.
  const now = new Date();
  utimesSync(`${repository}node_modules/.package-lock.json`, now, now);
}

/** @param {string} path */
function changedAt(path) {
  return statSync(repository + path, { throwIfNoEntry: false })?.mtimeMs;
}

/** @param {string[]} args */
function npm(...args) {
  // Standard output belongs to whatever is started next.
  const options = { cwd: repository, stdio: /** @type {const} */ (['ignore', 2, 2]) };
  // Under `npm run`, the npm that runs; on Windows, `npm` itself would need a shell.
  const cli = process.env['npm_execpath'];
  const { status } = cli
    ? spawnSync(process.execPath, [cli, ...args], options)
    : spawnSync('npm', args, options);
  return status;
}
