import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { HELP } from '../src/command-line/help.ts';

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What the command printed, and how it ended. `preload` runs before it. */
function perch(args: readonly string[], preload = '') {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(preload)}`, file('../bin/perch.mjs'), ...args],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

/** Fails if any part of the server is loaded. */
const NOTHING_LOADED = `process.on('exit', () => {
  const modules = process.report.getReport().sharedObjects.filter((name) => name.endsWith('.node'));
  if (modules.length > 0) process.exitCode = 9;
});`;

test('--version prints the version of the package, without loading the server', () => {
  const { version } = JSON.parse(readFileSync(file('../../package.json'), 'utf8')) as { version: string };
  expect(perch(['--version'], NOTHING_LOADED)).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
});

test('--help prints the help, which names a file that exists', () => {
  expect(perch(['--help'], NOTHING_LOADED)).toEqual({ status: 0, stdout: HELP.perch, stderr: '' });
  expect(readFileSync(/\S+operations\.md/.exec(HELP.perch)?.[0] ?? '', 'utf8')).toContain('PERCH_PORT');
});

test('a command that does not exist gets a sentence on standard error, and exit code 2', () => {
  const stderr = 'There is no command dmeo. See perch --help.\n';
  expect(perch(['dmeo'], NOTHING_LOADED)).toEqual({ status: 2, stdout: '', stderr });
});

test('a Node that is too old gets a sentence', () => {
  const old = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '22.17.1' } });`;
  const stderr = 'Perch needs Node.js 22.18 or newer; this is 22.17.1. See https://nodejs.org.\n';
  expect(perch(['--version'], old)).toEqual({ status: 1, stdout: '', stderr });
});
