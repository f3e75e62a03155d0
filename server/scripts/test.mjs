/**
 * `npm test`: types, format, layers, unit tests and the build of the pages side by side, then lint, dead code and integration tests (and
 * the browsers are installed where there are none), then browser tests, until one of them fails. At the end it says how long each took; the last line counts each static check as one, and each test.
 *
 * `npm run test:fast` (`--fast`): types, lint of what has changed since it last ran, and unit tests, all side by side.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { installTestPrograms } from './test-programs.mjs';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const BUNDLE = join(repository, 'node_modules/.cache/perch-server');
/** Node's compile cache: what each worker, thread and server that a test starts would otherwise compile anew. */
const COMPILED = join(repository, 'node_modules/.cache/perch-tests');
const results = mkdtempSync(join(tmpdir(), 'perch-results-'));

/**
 * Runs a command in the repository. Its output is shown at once, or, where others run beside it, in one piece at its end.
 * `patient` takes the CPU time that those others leave.
 * @returns {Promise<boolean>} whether it succeeded.
 */
function run(command, args, { env = {}, aside = false, patient = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: repository,
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, ...env },
      stdio: aside ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });
    if (patient && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) => output.push(Buffer.from(`${String(error)}\n`)));
    child.on('close', (status) => {
      process.stdout.write(Buffer.concat(output));
      resolve(status === 0);
    });
  });
}

/** Programs that read all of the code, in JavaScript or Go, collect their garbage in fewer goes, which is a seventh of their CPU time. */
const ROOM_FOR_GARBAGE = { NODE_OPTIONS: '--max-semi-space-size=128', GOGC: '400' };
const check =
  (script, { options = [], patient = true } = {}) =>
  async () => {
    const succeeded = await run('npm', ['run', '--silent', ...options, script], {
      aside: true,
      patient,
      env: ROOM_FOR_GARBAGE,
    });
    return { passed: Number(succeeded), failed: Number(!succeeded) };
  };
/** The messages are compiled already, and others read them meanwhile. */
const types = check('check:types', { options: ['--ignore-scripts'] });

/** The results that a test runner wrote, provided that they agree with its exit code. */
function counted(succeeded, file, count) {
  const { passed, failed } = existsSync(file)
    ? count(JSON.parse(readFileSync(file, 'utf8')))
    : { passed: 0, failed: 0 };
  return { passed, failed: succeeded ? failed : Math.max(1, failed) };
}

const vitest =
  (project, options = []) =>
  async () => {
    const file = join(results, `${project}.json`);
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const succeeded = await run(
      'npm',
      ['run', '--silent', `test:${project}`, '--', ...reporters, ...options],
      { env: { PERCH_TEST_BUNDLE: BUNDLE } },
    );
    return counted(succeeded, file, (report) => ({
      passed: report.numPassedTests,
      failed: report.numFailedTests,
    }));
  };

async function pages() {
  const built = await run('node', ['server/scripts/build-client.mjs']);
  return { passed: Number(built), failed: Number(!built) };
}

/** The server in few files, as it is started for most of the tests. */
async function bundle() {
  const bundled = await run('node', ['server/scripts/bundle-server.ts', BUNDLE]);
  return { passed: Number(bundled), failed: Number(!bundled) };
}

async function browsers() {
  const file = join(results, 'browser.json');
  const succeeded = await run('npm', ['run', '--silent', 'test:browser', '--', '--reporter=list,json'], {
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file, PERCH_TEST_BUNDLE: BUNDLE },
  });
  return counted(succeeded, file, ({ stats }) => ({
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
  }));
}

/** The browser of the tests, and what else they try Perch with. */
async function testPrograms() {
  const found = await installTestPrograms(run);
  return { passed: Number(found), failed: Number(!found) };
}

/** One after the other; commands in the same list run side by side. */
const everything = [
  // First, as the next ones read the message catalogue that it compiles.
  [['messages', check('messages')]],
  [
    ['types', types],
    ['format', check('check:format')],
    ['layers', check('check:layers')],
    ['unit tests', vitest('unit')],
    // For the next ones: the release and the browsers need the pages, and all of their tests the server.
    ['pages', pages],
    ['server', bundle],
  ],
  // Side by side, as they mostly wait. The integration tests twice, the second time over bytes: every organization as if it were in another
  // process. Both share four workers, as one of them alone, at the end, would leave half of the machine idle.
  [
    // Of normal priority: of the time that others leave, it would end long after them.
    ['lint', check('check:lint', { patient: false })],
    ['dead code', check('check:dead')],
    ['integration tests', vitest('integration', ['--project=border', '--maxWorkers=4'])],
    ['test programs', testPrograms],
  ],
  [['browser tests', browsers]],
];
const fast = [
  [['messages', check('messages')]],
  [
    ['types', types],
    ['lint', check('check:lint:changed')],
    ['unit tests', vitest('unit')],
  ],
];
const stages = process.argv.includes('--fast') ? fast : everything;

let passed = 0;
let failed = 0;
const times = [];
async function carryOut(name, part) {
  const start = performance.now();
  const outcome = await part();
  const seconds = Math.round((performance.now() - start) / 1000);
  const verdict = outcome.failed > 0 ? 'failed' : 'passed';
  times.push(`${name.padEnd(18)} ${verdict} ${String(seconds).padStart(5)} s`);
  passed += outcome.passed;
  failed += outcome.failed;
}

for (const parts of stages) {
  console.log(`\n=== ${parts.map(([name]) => name).join(', ')}`);
  await Promise.all(parts.map(([name, part]) => carryOut(name, part)));
  if (failed > 0) break;
}
rmSync(results, { recursive: true, force: true });
process.exitCode = failed > 0 ? 1 : 0;
console.log(`\n${times.join('\n')}\n\n${String(passed)} passed, ${String(failed)} failed`);
