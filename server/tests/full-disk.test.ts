import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { CallPage, ExtensionView } from '@perch/shared';
import { afterEach, beforeEach, expect, test as base } from 'vitest';
import { scratchFolder } from '../src/storage/support/scratch-folder.ts';
import { Administrator } from './support/administrator.ts';
import { Call, connectCall, type Dialog } from './support/call.ts';
import { DemoServer, perchCommand } from './support/demo-server.ts';
import { PageClient } from './support/page-client.ts';
import { SipClient } from './support/sip-client.ts';
import { SmallDisk } from './support/small-disk.ts';
import { leaveMessage } from './support/spoken-message.ts';

const PERCH = perchCommand();
/** The caller's voice, in Hz. */
const VOICE = 600;
const METRICS_TOKEN = 'a-token-of-prometheus';
/** More than the log of `perch.db` has room for, once it can grow no longer. */
const CHANGES = 1_000;

let disk: SmallDisk;
/** A folder elsewhere. */
let root: string;
/** What is to be ended after a test, the latest first. */
let cleanups: (() => unknown)[];

/** Each with a disk of its own. */
const test = (name: string, run: () => Promise<void>): void => {
  base(name, { timeout: 240_000 }, async ({ skip }) => {
    const mounted = SmallDisk.mount(24);
    if (!mounted) skip('A disk that is full is one that was mounted for it, which takes root.');
    else {
      disk = mounted;
      cleanups.push(() => disk.unmount());
      await run();
    }
  });
};

beforeEach(() => {
  root = scratchFolder();
  cleanups = [() => rmSync(root, { recursive: true })];
});
afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

async function started(env: Readonly<Record<string, string>> = {}): Promise<DemoServer> {
  const server = await DemoServer.start({ ...env, PERCH_METRICS_TOKEN: METRICS_TOKEN });
  cleanups.push(() => server.stop());
  return server;
}

async function phone(server: DemoServer, number: string): Promise<SipClient> {
  const client = await SipClient.registered(server.organization, server.line(number));
  cleanups.push(() => client.close());
  return client;
}

async function pageOf(server: DemoServer, number: string): Promise<PageClient> {
  const page = await PageClient.open(server.line(number).url);
  cleanups.push(() => page.close());
  return page;
}

async function press(dialog: Dialog, keys: string): Promise<void> {
  for (const key of keys)
    await dialog.request('INFO', {
      fields: ['Content-Type: application/dtmf-relay'],
      body: `Signal=${key}\r\nDuration=100\r\n`,
    });
}

/** Somebody at the station asks for Ada's extension there. @returns how it ended. */
async function moveAda(server: DemoServer, station: SipClient, page: PageClient): Promise<string> {
  const visit = await new Call(station, '*30101').answered();
  await press(visit, `${server.line('101').secretCode ?? ''}#`);
  const outcome = await page.outcome();
  await visit.request('BYE');
  return outcome;
}

/** A call to Ada is answered there, and hung up. */
async function callAda(caller: SipClient, at: SipClient): Promise<void> {
  const [ours] = await connectCall(caller, at, '101');
  await hangUp(ours, at);
}

async function hangUp(dialog: Dialog, other: SipClient): Promise<void> {
  await dialog.request('BYE');
  other.respond(await other.request('BYE'), '200 OK');
}

const metric = async (server: DemoServer, line: RegExp): Promise<string | undefined> => {
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  const answered = await fetch(`${server.organization.url}/metrics`, { headers });
  return line.exec(await answered.text())?.[0];
};
const ready = async (server: DemoServer) => {
  const answered = await fetch(`${server.organization.url}/readyz`);
  return { status: answered.status, ...((await answered.json()) as object) };
};
const errorsOf = (server: DemoServer) => server.log.filter(({ level }) => Number(level) >= 50);

const perch = (data: string, ...args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [PERCH, ...args], { env: { ...process.env, PERCH_DATA: data } });

async function ended(child: ChildProcess) {
  const [[status], stdout, stderr] = await Promise.all([
    once(child, 'exit') as Promise<[number | null]>,
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
  ]);
  return { status, stdout, stderr };
}

test('a copy whose disk is full says so, keeps what it had and disturbs nobody; started again, it goes on once there is room', async () => {
  const server = await started();
  const copy = join(disk.folder, 'copy');
  const follow = () => {
    const child = perch(server.folder, 'backup', '--follow', copy);
    cleanups.push(() => child.kill('SIGKILL'));
    return { child, end: ended(child) };
  };
  const asOf = () => {
    const path = join(copy, 'as-of');
    return existsSync(path) ? Date.parse(readFileSync(path, 'utf8').trim()) : 0;
  };
  const upToDate = async () => {
    const now = Date.now();
    await expect.poll(asOf, { timeout: 90_000 }).toBeGreaterThanOrEqual(now);
  };
  /** Who is where, and how many messages 104 has, in what is restored of the copy. */
  const restored = async () => {
    const data = join(root, 'restored');
    expect(await ended(perch(data, 'restore', copy))).toMatchObject({ status: 0, stderr: '' });
    const other = await DemoServer.start({ PERCH_DATA: data });
    const admin = await Administrator.signIn(other.organization);
    const [ada, kim] = (await Promise.all(
      ['101', '104'].map((number) => admin.ask(`GET /api/extensions/${number}`)),
    )) as [ExtensionView, ExtensionView];
    await other.stop();
    rmSync(data, { recursive: true });
    return { ada: ada.whereabouts.kind, messages: kim.voicemail.new };
  };
  const [ben, chloe, station] = [
    await phone(server, '102'),
    await phone(server, '103'),
    await phone(server, '201'),
  ];
  const desk = await pageOf(server, '201');

  const first = follow();
  await leaveMessage(ben, '104', VOICE);
  await upToDate();
  disk.fill();
  const [talk] = await connectCall(ben, chloe);
  expect(await moveAda(server, station, desk)).toBe('accepted');
  await leaveMessage(chloe, '104', VOICE);
  const full = {
    status: 1,
    stderr: expect.stringMatching(/^\S+ cannot be used by user .*: the disk is full\.\n$/),
  };
  expect(await first.end).toMatchObject(full);
  const last = asOf();
  expect(await follow().end).toMatchObject(full);
  expect(asOf()).toBe(last);
  expect(await restored()).toEqual({ ada: 'home', messages: 1 });

  // Perch has noticed nothing of it.
  await hangUp(talk, chloe);
  await callAda(ben, station);
  expect(await ready(server)).toEqual({ status: 'ready' });
  expect(errorsOf(server)).toEqual([]);

  disk.makeRoom();
  follow();
  await upToDate();
  expect(await restored()).toEqual({ ada: 'away', messages: 2 });
});

test('on a full disk calls go on, what cannot be stored is refused, and what was confirmed stays; then all of it works again', async () => {
  const server = await started({ PERCH_DATA: join(disk.folder, 'data'), PERCH_MIN_FREE_DISK_MB: '1' });
  const { url } = server.organization;
  const admin = await Administrator.signIn(server.organization);
  const [ada, ben, chloe, station, other] = [
    await phone(server, '101'),
    await phone(server, '102'),
    await phone(server, '103'),
    await phone(server, '201'),
    await phone(server, '202'),
  ];
  const [desk, otherDesk] = [await pageOf(server, '201'), await pageOf(server, '202')];
  expect(await moveAda(server, station, desk)).toBe('accepted');
  const [talk] = await connectCall(ben, chloe);

  disk.fill();
  // Until there is no room in the log of the database either.
  const rename = (name: string) =>
    fetch(`${url}/api/extensions/104`, {
      method: 'PATCH',
      headers: { cookie: admin.cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });
  const name = async () => ((await admin.ask('GET /api/extensions/104')) as ExtensionView).name;
  let confirmed = await name();
  let refused = await rename('Name 0');
  for (let change = 1; refused.ok && change < CHANGES; change++) {
    confirmed = `Name ${String(change - 1)}`;
    refused = await rename(`Name ${String(change)}`);
  }
  expect([refused.status, await refused.json()]).toEqual([
    507,
    expect.objectContaining({ code: 'disk-full' }),
  ]);
  await expect
    .poll(() => ready(server))
    .toEqual({
      status: 'not ready',
      reason: 'The data folder cannot be written: the disk is full.',
    });
  expect(await metric(server, /^perch_ready .*$/m)).toBe('perch_ready 0');
  expect((await fetch(`${url}/healthz`)).status).toBe(200);

  expect(await moveAda(server, other, otherDesk)).toBe('failed');
  await hangUp(talk, chloe);
  await callAda(ben, station);
  await leaveMessage(ben, '104', VOICE);
  await expect
    .poll(() => metric(server, /^perch_voicemail_messages_total\{outcome="disk-full"\} .*$/m))
    .toMatch(/ 1$/);

  disk.makeRoom();
  await expect.poll(() => ready(server), { timeout: 10_000 }).toEqual({ status: 'ready' });
  expect(await name()).toBe(confirmed);
  await callAda(ben, station);
  expect(await moveAda(server, other, otherDesk)).toBe('accepted');
  await callAda(ben, other);
  const records = async () => ((await admin.ask('GET /api/records?size=200')) as CallPage).records.length;
  await expect.poll(records, { timeout: 10_000 }).toBe(8);
  ada.close();

  await server.kill();
  await server.startAgain();
  expect(await records()).toBe(8);
});
