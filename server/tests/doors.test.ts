import { once } from 'node:events';
import { copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { CERTIFICATE, KEY, OTHER_CERTIFICATE, OTHER_KEY } from '../src/config/support/certificate.ts';
import { DemoServer } from './support/demo-server.ts';

const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

async function upgrade(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const socket = new WebSocket(url, ['sip'], { headers });
  socket.on('error', () => undefined);
  const [status] = await Promise.race([
    once(socket, 'open').then(() => [101]),
    once(socket, 'unexpected-response').then(([, response]) => [
      (response as { statusCode: number }).statusCode,
    ]),
  ]);
  socket.terminate();
  return status ?? 0;
}

test('behind a proxy that names another host, both upgrades accept pages of that host and of no other', async () => {
  const server = await DemoServer.start({ PERCH_TRUST_PROXY: 'loopback' });
  cleanups.push(() => server.stop());
  const base = server.organization.url.replace('http', 'ws');
  const forwarded = {
    host: 'localhost',
    'x-forwarded-host': 'phone.example.org',
    'x-forwarded-proto': 'https',
  };
  for (const url of [`${base}/sip`, `${base}/api/events`]) {
    expect([url, await upgrade(url, { ...forwarded, origin: 'https://phone.example.org' })]).toEqual([
      url,
      101,
    ]);
    expect([url, await upgrade(url, { ...forwarded, origin: 'http://localhost' })]).toEqual([url, 403]);
  }
});

test('SIGHUP loads the renewed certificate, and the process and its connections stay', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'perch-tls-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  const file = (name: string) => join(folder, name);
  writeFileSync(file('cert.pem'), CERTIFICATE);
  writeFileSync(file('key.pem'), KEY);
  const server = await DemoServer.start({ PERCH_TLS_CERT: file('cert.pem'), PERCH_TLS_KEY: file('key.pem') });
  cleanups.push(() => server.stop());
  const { hostname: host, port } = new URL(server.organization.url);
  const open = async () => {
    const socket = connect({ port: Number(port), host, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    return socket;
  };
  const before = await open();
  expect(before.getPeerCertificate().subject.CN).toBe('localhost');

  writeFileSync(file('new-cert.pem'), OTHER_CERTIFICATE);
  writeFileSync(file('new-key.pem'), OTHER_KEY);
  copyFileSync(file('new-key.pem'), file('key.pem'));
  renameSync(file('new-cert.pem'), file('cert.pem'));
  process.kill(server.pid, 'SIGHUP');
  await vi.waitFor(async () => {
    const after = await open();
    const { subject } = after.getPeerCertificate();
    after.destroy();
    expect(subject.CN).toBe('renewed.test');
  });
  before.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [answer] = (await once(before, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 200/);
  before.destroy();
});

test('SIGHUP ends a Perch whose standard input is a terminal', async () => {
  const inTerminal = `import tty from 'node:tty'; import { syncBuiltinESMExports } from 'node:module';
    tty.isatty = (descriptor) => descriptor === 0; syncBuiltinESMExports();`;
  const server = await DemoServer.start({
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(inTerminal)}`,
  });
  cleanups.push(() => server.stop());
  process.kill(server.pid, 'SIGHUP');
  await vi.waitFor(() => expect(server.running).toBe(false), 10_000);
});
