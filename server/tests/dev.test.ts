import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { unusedPort } from './support/demo-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'perch-dev-'));
let dev: ChildProcess;
let output = '';
let setupUrl = '';

beforeAll(async () => {
  dev = spawn(process.execPath, ['client/dev.ts'], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, PERCH_DATA: folder, PERCH_PORT: String(await unusedPort()) },
    stdio: ['ignore', 'pipe', 'inherit'],
    // A process group of its own, as a terminal makes for each command.
    detached: true,
  });
  setupUrl = await new Promise((resolve, reject) => {
    dev.once('exit', () => reject(new Error(output)));
    dev.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const [link] = /http:\S+#\S+\n/.exec(output) ?? [];
      if (link !== undefined) resolve(link.trim());
    });
  });
}, 90_000);

afterAll(() => {
  if (dev.exitCode === null && dev.pid !== undefined) process.kill(-dev.pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

test('npm run dev shows pages from their sources, and passes on requests and sockets', async () => {
  const page = await fetch(setupUrl);
  expect(await page.text()).toContain('/@vite/client');
  const nobody = await fetch(new URL('/api/session', setupUrl));
  expect(await nobody.json()).toEqual({ session: null, provider: null });
  const phone = new WebSocket(new URL('/sip', setupUrl.replace('http', 'ws')), 'sip');
  await once(phone, 'open');
  expect(phone.protocol).toBe('sip');
  phone.close();
  await once(phone, 'close');
});

test('Ctrl-C ends both servers', async () => {
  const ended = once(dev, 'close');
  process.kill(-(dev.pid ?? NaN), 'SIGINT');
  expect(await ended).toEqual([0, null]);
  await expect(fetch(setupUrl)).rejects.toThrow('fetch failed');
});
