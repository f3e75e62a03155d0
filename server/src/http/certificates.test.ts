import type * as fileSystem from 'node:fs';
import { type FSWatcher, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { EventEmitter, once } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  CERTIFICATE,
  EXPIRED,
  KEY,
  OTHER_CERTIFICATE,
  OTHER_KEY,
  WEAK_CERTIFICATE,
  WEAK_KEY,
} from '../config/support/certificate.ts';
import { readTlsPair } from '../config/tls.ts';
import { scratchFolder } from '../storage/support/scratch-folder.ts';
import { VirtualClock } from '../world/virtual-clock.ts';
import { Certificates } from './certificates.ts';
import { startTestServer } from './support/test-server.ts';
import type { TestServer } from './support/test-server.ts';

/** What watches folders; whether the system has any more of it, and whether it hears of changes by itself. */
const watching = vi.hoisted(() => ({ watchers: [] as FSWatcher[], isPossible: true, isReal: true }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof fileSystem>();
  const deaf = (listener: () => void) =>
    Object.assign(new EventEmitter(), { close: () => undefined }).on('change', listener);
  const watch = (folder: string, options: object, listener: () => void): FSWatcher => {
    if (!watching.isPossible) throw Object.assign(new Error('out of watches'), { code: 'ENOSPC' });
    const watcher = watching.isReal ? fs.watch(folder, options, listener) : (deaf(listener) as FSWatcher);
    watching.watchers.push(watcher);
    return watcher;
  };
  return { ...fs, watch };
});

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
  ['one that is too weak for TLS', WEAK_CERTIFICATE, WEAK_KEY, /cannot be used for TLS: .*key too small/],
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

test('what is as it was is neither taken nor said again; the certificate from before can be taken back', () => {
  server.http.reload();
  expect(said()).toEqual([]);
  issue('2', OTHER_CERTIFICATE, OTHER_KEY);
  for (let times = 0; times < 3; times += 1) server.http.reload();
  expect(said()).toEqual([expect.stringMatching(/^certificate-taken/)]);
  issue('3', CERTIFICATE, KEY);
  server.http.reload();
  expect(said()).toHaveLength(2);
});

test.for([
  ['another one', OTHER_CERTIFICATE, OTHER_KEY],
  ['the one from before', CERTIFICATE, KEY],
] as const)('a fault that comes again is said again, once %s was there', ([, certificate, key]) => {
  const faults = () => said().filter((line) => line.includes('does not belong'));
  for (const name of ['a', 'b']) {
    issue(`${name}-broken`, CERTIFICATE, OTHER_KEY);
    server.http.reload();
    issue(`${name}-whole`, certificate, key);
    server.http.reload();
  }
  expect(faults()).toHaveLength(2);
});

/** With a clock that stands still: `shownNow` is which certificate is in use. */
function watched() {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const lines: string[] = [];
  let shownNow = CERTIFICATE;
  watching.watchers.length = 0;
  const certificates = new Certificates(
    files(),
    readTlsPair(files()),
    clock,
    ({ certificate }) => (shownNow = certificate),
    { taken: () => void lines.push('taken'), refused: (sentence) => void lines.push(sentence) },
  );
  const pending = clock.pending;
  return {
    ...{ clock, certificates, lines, shownNow: () => shownNow },
    /** Resolves once a change in the folder was noticed. */
    noticed: () => expect.poll(() => clock.pending, { timeout: 5_000, interval: 5 }).toBe(pending + 1),
  };
}

test('files that come one after the other are read a second after the last of them', async () => {
  watching.isReal = false;
  const { clock, certificates, lines, shownNow } = watched();
  watching.isReal = true;
  const put = (file: string, content: string) => {
    writeFileSync(file, content);
    watching.watchers[0]?.emit('change', 'change', null);
  };
  put(files().keyFile, OTHER_KEY);
  await clock.advance(900);
  put(files().certificateFile, OTHER_CERTIFICATE);
  await clock.advance(900);
  expect([shownNow(), lines]).toEqual([CERTIFICATE, []]);
  await clock.advance(100);
  expect([shownNow(), lines]).toEqual([OTHER_CERTIFICATE, ['taken']]);
  certificates.close();
});

test.for([
  [
    'a link that leads elsewhere',
    (name: string) => {
      symlinkSync(join('..', 'elsewhere', name), join(folder, 'live', 'new'));
      renameSync(join(folder, 'live', 'new'), join(folder, 'live', name));
    },
  ],
  [
    'the file that a link leads to',
    (name: string) =>
      renameSync(join(folder, 'elsewhere', name), join(folder, 'archive', name.replace('.', '1.'))),
  ],
] as const)('a change of %s is noticed', async ([, change]) => {
  mkdirSync(join(folder, 'elsewhere'));
  writeFileSync(join(folder, 'elsewhere', 'cert.pem'), OTHER_CERTIFICATE);
  writeFileSync(join(folder, 'elsewhere', 'key.pem'), OTHER_KEY);
  const { clock, certificates, shownNow, noticed } = watched();
  change('key.pem');
  change('cert.pem');
  await noticed();
  await clock.advance(1_000);
  expect(shownNow()).toBe(OTHER_CERTIFICATE);
  certificates.close();
});

test('where the system has no more watches, or loses one, the files are read every minute', async () => {
  watching.isPossible = false;
  const { clock, certificates, shownNow } = watched();
  watching.isPossible = true;
  issue('2', OTHER_CERTIFICATE, OTHER_KEY);
  await clock.advance(60_000);
  expect(shownNow()).toBe(OTHER_CERTIFICATE);
  certificates.close();
  const lost = watched();
  for (const watcher of watching.watchers) watcher.emit('error', new Error('the folder is gone'));
  issue('3', CERTIFICATE, KEY);
  await lost.clock.advance(60_000);
  expect(lost.lines).toEqual(['taken']);
  lost.certificates.close();
});

test('once it is closed, nothing is watched and nothing is waited for', async () => {
  const { clock, certificates, noticed } = watched();
  const closed = Promise.all(watching.watchers.map((watcher) => once(watcher, 'close')));
  issue('2', OTHER_CERTIFICATE, OTHER_KEY);
  await noticed();
  certificates.close();
  await closed;
  expect(clock.pending).toBe(0);
});
