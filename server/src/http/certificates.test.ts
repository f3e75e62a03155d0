import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CERTIFICATE, EXPIRED, KEY, OTHER_CERTIFICATE, OTHER_KEY } from '../config/support/certificate.ts';
import { scratchFolder } from '../storage/support/scratch-folder.ts';
import { startTestServer } from './support/test-server.ts';
import type { TestServer } from './support/test-server.ts';

let folder: string;
let server: TestServer;
let port: number;

const files = () => ({
  certificateFile: join(folder, 'live', 'cert.pem'),
  keyFile: join(folder, 'live', 'key.pem'),
});

/** As certbot does: the files are numbered, and those in `live` are links to them. */
function issue(name: string, certificate: string, key: string): void {
  for (const [file, content] of [
    ['cert', certificate],
    ['key', key],
  ] as const) {
    writeFileSync(join(folder, 'archive', `${file}${name}.pem`), content);
    symlinkSync(join('..', 'archive', `${file}${name}.pem`), join(folder, 'live', `${file}.new`));
    renameSync(join(folder, 'live', `${file}.new`), join(folder, 'live', `${file}.pem`));
  }
}

beforeEach(async () => {
  folder = scratchFolder();
  mkdirSync(join(folder, 'archive'));
  mkdirSync(join(folder, 'live'));
  issue('1', CERTIFICATE, KEY);
  server = await startTestServer({ tls: files() });
  port = await server.http.listen();
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** The name that a new connection is shown. */
async function shown(): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return String(subject.CN);
}

const said = () => server.journal.filter((line) => line.startsWith('certificate'));

test('a renewed pair is used without a signal, and earlier connections go on', async () => {
  const before = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(before, 'secureConnect');
  issue('2', OTHER_CERTIFICATE, OTHER_KEY);
  await vi.waitFor(async () => expect(await shown()).toBe('renewed.test'), {
    timeout: 10_000,
    interval: 100,
  });
  before.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [answer] = (await once(before, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 200/);
  before.destroy();
});

test.for([
  ['a key of another certificate', OTHER_CERTIFICATE, KEY, /does not belong to the certificate/],
  ['half a certificate', OTHER_CERTIFICATE.slice(0, 300), OTHER_KEY, /not a certificate in PEM form/],
  ['half a chain', OTHER_CERTIFICATE + CERTIFICATE.slice(0, 300), OTHER_KEY, /not a certificate in PEM form/],
  ['half a key', OTHER_CERTIFICATE, OTHER_KEY.slice(0, 100), /not a private key in PEM form/],
  ['nothing', '', '', /not a certificate in PEM form/],
  ['one that has expired', EXPIRED, OTHER_KEY, /expired on/],
] as const)('%s is refused, said once, and the old one stays', async ([, certificate, key, sentence]) => {
  issue('2', certificate, key);
  server.http.reload();
  server.http.reload();
  expect(said()).toEqual([expect.stringMatching(sentence)]);
  expect(await shown()).toBe('localhost');
  issue('3', OTHER_CERTIFICATE, OTHER_KEY);
  server.http.reload();
  expect(await shown()).toBe('renewed.test');
  expect(said().at(-1)).toMatch(/^certificate-taken/);
});

test('where the files are gone, the previous certificate is still served', async () => {
  rmSync(join(folder, 'live', 'cert.pem'));
  server.http.reload();
  expect(said()).toEqual([expect.stringMatching(/cannot be read/)]);
  expect(await shown()).toBe('localhost');
});
