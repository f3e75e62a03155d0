#!/usr/bin/env node
// The command `perch`. Any Node since 14 can read this file, so that one that cannot run Perch gets a sentence.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  await import('../src/main.ts');
} else {
  process.stderr.write(
    `Perch needs Node.js 22.18 or newer; this is ${process.versions.node}. See https://nodejs.org.\n`,
  );
  process.exitCode = 1;
}
