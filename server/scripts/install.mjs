// Runs before everything else, on whatever Node the machine has: an old one and its own modules must do.
//
// `npm start` and `npm run demo` need what Perch runs on and is built with: the dependencies of its workspaces. The devDependencies
// of the root test, lint and measure; `--tools` adds them. Node itself is the workspace `runtime`, for machines whose own is too old.
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import process from 'node:process';
import { npmStep, repository } from './npm-step.mjs';

/** For an older one, npm leaves out the optional packages that build the pages. */
const OLDEST_NODE = '20.19';
const OLDEST_NPM = '9';
const LOCK = 'package-lock.json';
/** The file that npm writes last. */
const INSTALLED = 'node_modules/.package-lock.json';

const { engines } = JSON.parse(readFileSync(`${repository}package.json`, 'utf8'));
const has = (/** @type {string} */ name) => existsSync(`${repository}node_modules/${name}`);
const hasTools = has('vitest');
// The folder is made when npm rebuilds it.
const hasRuntime = has('node/bin');

// A change of the lock file does not remove what was installed before. Under `npm run`, an installed runtime runs this too.
const wantsTools = hasTools || process.argv.includes('--tools');
const wantsRuntime =
  hasRuntime ||
  process.execPath.startsWith(repository) ||
  isOlder(process.versions.node, engines.node.replace('>=', ''));

if (changedAt(INSTALLED) < changedAt(LOCK) || wantsTools !== hasTools || wantsRuntime !== hasRuntime) {
  refuseOld();
  const workspaces = ['shared', 'server', 'client', ...(wantsRuntime ? ['runtime'] : [])];
  try {
    // npm would leave it there if it were interrupted.
    rmSync(repository + INSTALLED, { force: true });
  } catch (error) {
    fail(`This user cannot install anything in ${repository}: ${String(error)}`);
  }
  const { succeeded, output } = await npmStep(
    wantsTools ? 'Installing what Perch is made of and tested with' : 'Installing what Perch is made of',
    'ci',
    ...workspaces.map((name) => `--workspace=${name}`),
    `--include-workspace-root=${String(wantsTools)}`,
    '--include=dev',
    '--include=optional',
    // npm would have better-sqlite3 look for Python and a compiler, although all that it needs is prebuilt.
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  );
  if (!succeeded) fail(reasonOf(output));
  if (wantsRuntime) {
    const fetched = await npmStep('Fetching Node for Perch', 'rebuild', 'node');
    if (!fetched.succeeded) fail(reasonOf(fetched.output));
  }
}

/** @param {string} path */
function changedAt(path) {
  return statSync(repository + path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/**
 * @param {string} version such as `20.11.0`
 * @param {string} other such as `22.18`
 */
function isOlder(version, other) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number);
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

function refuseOld() {
  const { node } = process.versions;
  if (isOlder(node, OLDEST_NODE)) {
    fail(`This is Node.js ${node}; Perch needs ${OLDEST_NODE} or newer. See https://nodejs.org.`);
  }
  const npm = /^npm\/(\d+\S*)/.exec(process.env['npm_config_user_agent'] ?? '')?.[1];
  if (npm !== undefined && isOlder(npm, OLDEST_NPM)) {
    fail(`This is npm ${npm}; Perch needs ${OLDEST_NPM} or newer: npm install --global npm`);
  }
}

/** @param {string} output of an npm that failed */
function reasonOf(output) {
  if (/\bspawn npm ENOENT\b/.test(output)) {
    return 'There is no npm here. It comes with Node.js from https://nodejs.org; Debian has it as a package of its own, npm.';
  }
  if (/\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|E(NET|HOST)UNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\b/.test(output)) {
    return (
      'npm could not reach its registry. Installing needs the network; starting does not, once everything is installed. ' +
      'Behind a proxy: npm config set proxy http://proxy.example.org:3128'
    );
  }
  return 'Perch could not be installed; see what npm said above.';
}

/** @param {string} sentence */
function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
