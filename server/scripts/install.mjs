// Runs before everything else, on whatever Node the machine has: Node 18 and its own modules must do.
import { spawnSync } from 'node:child_process';
import { statSync, utimesSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const wanted = changedAt('package-lock.json');
const installed = changedAt('node_modules/.package-lock.json');

if (installed === undefined || installed < (wanted ?? 0)) {
  const command = installed === undefined ? 'ci' : 'install';
  process.stderr.write('Installing what Perch is made of …\n');
  // Standard output belongs to whatever is started next.
  const { status } = npm([command, '--no-audit', '--no-fund']);
  if (status !== 0) {
    process.stderr.write(`npm ${command} failed; what it said stands above.\n`);
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
function npm(args) {
  const options = { cwd: repository, stdio: /** @type {const} */ (['ignore', 2, 2]) };
  // Under `npm run`, the npm that runs; on Windows, `npm` itself would need a shell.
  const cli = process.env['npm_execpath'];
  return cli ? spawnSync(process.execPath, [cli, ...args], options) : spawnSync('npm', args, options);
}
