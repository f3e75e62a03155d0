#!/usr/bin/env node
// The command `perch`. Any Node since 14.13 can read this file, so that one that cannot run Perch gets a sentence.
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const oldest = engines.node.replace('>=', '');
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const [oldestMajor = 0, oldestMinor = 0] = oldest.split('.').map(Number);

if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) {
  await import('../src/main.ts');
} else {
  process.stderr.write(
    `Perch needs Node.js ${oldest} or newer; this is ${process.versions.node}. See https://nodejs.org.\n`,
  );
  process.exitCode = 1;
}
