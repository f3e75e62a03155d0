/**
 * `npm test`: types, lint, layers, dead code, unit, integration and browser tests, in that order, until one of them
 * fails. The last line counts: each static check as one, and each test.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const results = mkdtempSync(join(tmpdir(), 'perch-results-'));

/** Runs a command in the repository; its output is the reader's. Returns whether it succeeded. */
function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: repository,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error) console.error(String(error));
  return status === 0;
}

const check = (script) => () => {
  const succeeded = run('npm', ['run', '--silent', script]);
  return { passed: Number(succeeded), failed: Number(!succeeded) };
};

/** The results that a test runner wrote, as long as they agree with how it ended. */
function counted(succeeded, file, count) {
  const { passed, failed } = existsSync(file)
    ? count(JSON.parse(readFileSync(file, 'utf8')))
    : { passed: 0, failed: 0 };
  return { passed, failed: succeeded ? failed : Math.max(1, failed) };
}

const vitest = (project) => () => {
  const file = join(results, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const succeeded = run('npm', ['run', '--silent', `test:${project}`, '--', ...reporters]);
  return counted(succeeded, file, (report) => ({
    passed: report.numPassedTests,
    failed: report.numFailedTests,
  }));
};

async function browser() {
  if (!(await haveChromium()) || !run('node', ['server/scripts/build-client.mjs'])) {
    return { passed: 0, failed: 1 };
  }
  const file = join(results, 'browser.json');
  const succeeded = run('npm', ['run', '--silent', 'test:browser', '--', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: file,
  });
  return counted(succeeded, file, ({ stats }) => ({
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
  }));
}

/** Finds Chromium or installs it: Debian's package where that can be done, else Playwright's own. */
async function haveChromium() {
  const { chromiumPath } = await import('../../client/tests/chromium.ts');
  const { chromium } = await import('@playwright/test');
  if (chromiumPath !== undefined || existsSync(chromium.executablePath())) return true;
  console.log('No Chromium here: installing one.');
  const debian = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
  return (
    (debian &&
      run('apt-get', ['update', '-q'], quiet) &&
      run('apt-get', ['install', '-yq', '--no-install-recommends', 'chromium'], quiet)) ||
    run('npx', ['playwright', 'install', '--with-deps', 'chromium'])
  );
}

const stages = [
  ['types', check('check:types')],
  ['lint', check('check:lint')],
  ['layers', check('check:layers')],
  ['dead code', check('check:dead')],
  ['unit tests', vitest('unit')],
  ['integration tests', vitest('integration')],
  ['browser tests', browser],
];

let passed = 0;
let failed = 0;
for (const [name, stage] of stages) {
  console.log(`\n=== ${name}`);
  const outcome = await stage();
  passed += outcome.passed;
  failed += outcome.failed;
  if (outcome.failed > 0) {
    console.log(`\n${name}: failed`);
    break;
  }
}
rmSync(results, { recursive: true, force: true });
process.exitCode = failed > 0 ? 1 : 0;
console.log(`\n${passed} passed, ${failed} failed`);
