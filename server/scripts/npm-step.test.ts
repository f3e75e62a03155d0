import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

/** Stands in for npm: it and the process that it starts are connected to the test, and no signal that can be caught ends them. */
const STUBBORN_NPM = `
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
const [, , port, isChild] = process.argv;
require('node:net').connect(Number(port), '127.0.0.1');
if (!isChild) require('node:child_process').spawn(process.execPath, [__filename, port, 'child'], { stdio: 'inherit' });
`;

const folder = mkdtempSync(join(tmpdir(), 'perch-npm-'));
const npm = join(folder, 'npm.cjs');
writeFileSync(npm, STUBBORN_NPM);
afterAll(() => rmSync(folder, { recursive: true }));

test.for(['SIGINT', 'SIGTERM'] as const)('%s ends npm and what npm has started', async (signal) => {
  const sockets: Socket[] = [];
  const bothConnected = Promise.withResolvers<undefined>();
  const listener = createServer((socket) => {
    // One that is killed may reset its connection.
    socket.on('error', () => undefined).resume();
    if (sockets.push(socket) === 2) bothConnected.resolve(undefined);
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const step = spawn(
    process.execPath,
    [
      '--input-type=module',
      `--eval=import { npmStep } from '${new URL('npm-step.mjs', import.meta.url).href}';
      await npmStep('Testing', '${port}');`,
    ],
    {
      env: {
        ...process.env,
        npm_execpath: npm,
        npm_node_execpath: process.execPath,
        npm_config_user_agent: 'npm/11',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let said = '';
  step.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  await bothConnected.promise;
  const gone = sockets.map((socket) => once(socket, 'close'));
  step.kill(signal);
  expect(await once(step, 'close')).toEqual([null, signal]);
  await Promise.all(gone);
  expect(said).toMatch(/Testing: stopped after \d+ s\n$/);
  listener.close();
});
