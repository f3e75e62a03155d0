import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { HistoryPage, MailboxView } from '@perch/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scratchFolder } from '../src/storage/support/scratch-folder.ts';
import { Administrator } from './support/administrator.ts';
import { answer, Call, connectCall } from './support/call.ts';
import { DemoServer, perchCommand } from './support/demo-server.ts';
import { PageClient } from './support/page-client.ts';
import { SipClient } from './support/sip-client.ts';
import { leaveMessage } from './support/spoken-message.ts';

const PERCH = perchCommand();
/** The caller's voice, in Hz. */
const VOICE = 600;

let root: string;
let server: DemoServer;
/** Copies that follow, which end by themselves only when they are told to. */
const following: ChildProcess[] = [];
const inside = (name: string) => join(root, name);
const phone = (number: string, of = server) => SipClient.registered(of.organization, of.line(number));

beforeEach(async () => {
  root = scratchFolder();
  server = await DemoServer.start();
}, 60_000);
afterEach(async () => {
  for (const copy of following.splice(0)) copy.kill('SIGKILL');
  await server.stop();
  rmSync(root, { recursive: true });
});

/** `perch` with these arguments, for that data folder; files may be so long (in 512 octets). */
function start(data: string, args: readonly string[], longest = 'unlimited'): ChildProcess {
  return spawn('sh', ['-c', 'ulimit -f "$0" && exec "$@"', longest, process.execPath, PERCH, ...args], {
    env: { ...process.env, PERCH_DATA: data },
  });
}

async function ended(child: ChildProcess) {
  const [[status], stdout, stderr] = await Promise.all([
    once(child, 'exit') as Promise<[number | null]>,
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
  ]);
  return { status, stdout, stderr };
}

const perch = (data: string, ...args: readonly string[]) => ended(start(data, args));

/** Ada's extension is at the station from now on. */
async function moveAda(station: SipClient): Promise<void> {
  const desk = await PageClient.open(server.line('201').url);
  const visit = await new Call(station, '*30101').answered();
  for (const signal of `${server.line('101').secretCode ?? ''}#`)
    await visit.request('INFO', {
      fields: ['Content-Type: application/dtmf-relay'],
      body: `Signal=${signal}\r\nDuration=100\r\n`,
    });
  expect(await desk.outcome()).toBe('accepted');
  await visit.request('BYE');
  desk.close();
}

/** A call to her rings there. */
async function callAda(restored: DemoServer): Promise<void> {
  const [caller, atDesk] = [await phone('102', restored), await phone('201', restored)];
  const [, dialog] = await Promise.all([answer(atDesk), new Call(caller, '101').answered()]);
  await dialog.request('BYE');
  for (const client of [caller, atDesk]) client.close();
}

/** What Ben has left for 104 is there, with its sound. */
async function hearMessage(restored: DemoServer): Promise<void> {
  const owner = await PageClient.open(restored.line('104').url);
  // The one that was being spoken may have come early enough.
  const { messages } = (await owner.ask('GET /api/terminal/voicemail')).json as MailboxView;
  const [spoken] = messages.filter(({ from }) => from.number === '102');
  const sound = await fetch(
    `${restored.organization.url}/api/terminal/voicemail/messages/${String(spoken?.id)}/recording`,
    { headers: { authorization: `Bearer ${owner.token}` } },
  );
  expect(Buffer.from(await sound.arrayBuffer()).toString('latin1', 0, 4)).toBe('OggS');
  owner.close();
}

/** A Perch on what is restored from the copy: Ada's extension is at the station, calls reach her there, and her message and the audit are whole. */
async function onRestored(look: (restored: DemoServer) => Promise<void>): Promise<void> {
  expect(await perch(inside('restored'), 'restore', inside('copy'))).toEqual({
    status: 0,
    stdout: expect.stringMatching(/1 extension was at another station then/),
    stderr: '',
  });
  const restored = await DemoServer.start({ PERCH_DATA: inside('restored') });
  try {
    await callAda(restored);
    await hearMessage(restored);
    const admin = await Administrator.signIn(restored.organization);
    expect(await admin.ask('GET /api/audit/check')).toMatchObject({ brokenAt: null });
    await look(restored);
  } finally {
    await restored.stop();
  }
}

test(
  'what is restored of a backup that was made under load has the stay, the message and the calls, and calls go on',
  { timeout: 240_000 },
  async () => {
    const [ada, ben, chloe] = [await phone('101'), await phone('102'), await phone('103')];
    const station = await phone('201');
    const page = await PageClient.open(server.line('103').url);
    await leaveMessage(ben, '104', VOICE);
    await moveAda(station);

    const backup = { isMade: false };
    let calls = 0;
    const talking = (async () => {
      for (; !backup.isMade; calls++) {
        const [ours] = await connectCall(chloe, ben);
        await ours.request('BYE');
        ben.respond(await ben.request('BYE'), '200 OK');
      }
    })();
    const speaking = leaveMessage(station, '104', VOICE);
    const made = await perch(server.folder, 'backup', inside('copy'));
    backup.isMade = true;
    await Promise.all([talking, speaking]);
    expect(made).toEqual({
      status: 0,
      stdout: expect.stringContaining(`${inside('copy')} is a backup of`),
      stderr: '',
    });
    expect(readdirSync(server.folder)).not.toContain('snapshot');
    for (const client of [ada, ben, chloe, station]) client.close();
    page.close();

    await onRestored(async (restored) => {
      // The browser that was a phone before is one still.
      const history = await fetch(`${restored.organization.url}/api/terminal/history`, {
        headers: { authorization: `Bearer ${page.token}` },
      });
      const earlier = ((await history.json()) as HistoryPage).calls;
      expect(earlier.length).toBeLessThanOrEqual(calls);
      expect(new Set(earlier.map(({ id }) => id)).size).toBe(earlier.length);
    });
  },
);

test(
  'server and copy are killed: what was stored before the copy was last up to date is restored, and a call is made',
  { timeout: 240_000 },
  async () => {
    const said: string[] = [];
    const startFollowing = () => {
      const child = start(server.folder, ['backup', '--follow', inside('copy')]);
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (piece) => said.push(String(piece)));
      following.push(child);
      return child;
    };
    let copy = startFollowing();
    const upToDate = async () => {
      const now = Date.now();
      const asOf = () =>
        existsSync(inside('copy/as-of')) ? Date.parse(readFileSync(inside('copy/as-of'), 'utf8').trim()) : 0;
      await expect.poll(asOf, { timeout: 90_000, message: said.join('') }).toBeGreaterThanOrEqual(now);
    };
    await upToDate();
    const [ben, chloe, station] = [await phone('102'), await phone('103'), await phone('201')];
    await leaveMessage(ben, '104', VOICE);
    await upToDate();
    const ended = once(copy, 'exit');
    copy.kill('SIGKILL');
    await ended;
    // Nobody follows for a while, and then another copy goes on.
    await moveAda(station);
    copy = startFollowing();
    await upToDate();
    const [talk] = await connectCall(chloe, ben);
    await talk.request('BYE');
    ben.respond(await ben.request('BYE'), '200 OK');
    await upToDate();
    for (const client of [ben, chloe, station]) client.close();
    await server.kill();
    copy.kill('SIGKILL');

    await onRestored(async (restored) => {
      const page = await PageClient.open(restored.line('103').url);
      const { calls } = (await page.ask('GET /api/terminal/history')).json as HistoryPage;
      expect(calls.map((call) => call.with.number)).toEqual(['102']);
      page.close();
    });
  },
);

test('a full disk and Ctrl-C leave nothing that looks like a backup', { timeout: 60_000 }, async () => {
  const full = await ended(start(server.folder, ['backup', inside('copy')], '64'));
  expect(full).toMatchObject({ status: 1, stdout: '' });
  expect(full.stderr).toMatch(/^\S+copy\.part cannot be used by user .*\.\n$/);
  const stopped = start(server.folder, ['backup', inside('copy')]);
  const end = ended(stopped);
  await expect.poll(() => existsSync(inside('copy.part')), { interval: 1 }).toBe(true);
  stopped.kill('SIGINT');
  expect(await end).toEqual({ status: 1, stdout: '', stderr: 'Stopped. Nothing is left of it.\n' });
  expect(readdirSync(root)).toEqual([]);
});

test('what cannot be done is said in a sentence, with exit code 1', { timeout: 60_000 }, async () => {
  mkdirSync(inside('empty'));
  const none = await perch(inside('empty'), 'backup', inside('copy'));
  expect(none).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringContaining('is no data folder of Perch'),
  });
  const used = await perch(server.folder, 'restore', inside('empty'));
  expect(used).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringContaining('is no backup of Perch'),
  });
});
