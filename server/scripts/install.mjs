// Runs before everything else, on whatever Node the machine has: Node 18 and its own modules must do.
//
// `npm start` and `npm run demo` need what Perch runs on and is built with: the dependencies of its workspaces. The devDependencies
// of the root test, lint and measure; `--tools` adds them. Node itself is the workspace `runtime`, for machines whose own is too old.
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import process from 'node:process';
import { npmStep, repository } from './npm-step.mjs';

const OLDEST_NPM = 9;
const LOCK = 'package-lock.json';
/** What npm writes last. */
const INSTALLED = 'node_modules/.package-lock.json';

const { engines, devDependencies } = JSON.parse(readFileSync(`${repository}package.json`, 'utf8'));
const has = (/** @type {string} */ name) => existsSync(`${repository}node_modules/${name}`);
const hasTools = Object.keys(devDependencies).every(has);
const hasRuntime = has('@perch/runtime');

// A change of the lock file takes nothing away that was there before. Under `npm run`, an installed runtime runs this too.
const wantsTools = hasTools || process.argv.includes('--tools');
const wantsRuntime =
  hasRuntime || process.execPath.startsWith(repository) || isTooOld(process.versions.node, engines.node);

if (changedAt(INSTALLED) < changedAt(LOCK) || wantsTools !== hasTools || wantsRuntime !== hasRuntime) {
  refuseOldNpm();
  const workspaces = ['shared', 'server', 'client', ...(wantsRuntime ? ['runtime'] : [])];
  // npm would leave it there if it were interrupted.
  rmSync(repository + INSTALLED, { force: true });
  const { succeeded, output } = await npmStep(
    wantsTools ? 'Installing what Perch is made of and tested with' : 'Installing what Perch is made of',
    'ci',
    ...workspaces.map((name) => `--workspace=${name}`),
    `--include-workspace-root=${String(wantsTools)}`,
    '--include=dev',
    '--include=optional',
    // What is built is built by the runtime, so the machine's own Node may be older than a package asks for.
    ...(wantsRuntime ? ['--force'] : []),
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  );
  if (!succeeded) fail(reasonOf(output));
}

/** @param {string} path */
function changedAt(path) {
  return statSync(repository + path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/**
 * @param {string} version such as `20.11.0`
 * @param {string} range `>=` and a version
 */
function isTooOld(version, range) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = range.replace('>=', '').split('.').map(Number);
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}

function refuseOldNpm() {
  const version = /^npm\/(\d+)\S*/.exec(process.env['npm_config_user_agent'] ?? '');
  if (version && Number(version[1]) < OLDEST_NPM) {
    fail(
      `This is ${version[0].replace('/', ' ')}; Perch needs npm ${String(OLDEST_NPM)} or newer: npm install --global npm`,
    );
  }
}

/** @param {string} output of an npm that failed */
function reasonOf(output) {
  if (/\bspawn npm ENOENT\b/.test(output)) {
    return 'There is no npm here. It comes with Node.js from https://nodejs.org; Debian has it as a package of its own, npm.';
  }
  if (
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\b/.test(
      output,
    )
  ) {
    return (
      'npm could not reach its registry. Installing needs the network; starting does not, once everything is installed. ' +
      'Behind a proxy: npm config set proxy http://proxy.example.org:3128'
    );
  }
  return 'Perch could not be installed; what npm said stands above.';
}

/** @param {string} sentence */
function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
