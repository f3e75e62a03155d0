import { rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { extensionId, recordingId } from '@perch/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Message } from '../exchange/voicemail/ports.ts';
import { VirtualClock } from '../world/virtual-clock.ts';
import { createOrganizations, ours } from '../storage/sqlite/support/organizations.ts';
import { scratchFolder } from '../storage/support/scratch-folder.ts';
import { openStorage } from '../storage/sqlite/open-storage.ts';
import { makeDataFolder } from '../storage/sqlite/support/made-folder.ts';
import type { Storage } from '../storage/storage.ts';
import { FakeOutbox } from './support/fake-outbox.ts';
import { Mailer } from './mailer.ts';
import type { MailerPorts } from './mailer.ts';
import type { MailJournal } from './ports.ts';
import { smtpDelivery } from './smtp.ts';
import type { Deliver } from './smtp.ts';
import { startSmtpServer } from './support/smtp-server.ts';
import type { SmtpOptions } from './support/smtp-server.ts';
import { systemClock } from '../world/system-clock.ts';
import { systemWorld } from '../world/world.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let folder: string;
let storage: Storage;
const mailers: Mailer[] = [];
const servers: { close(): Promise<void> }[] = [];
/** What the journal was told: the event, and the message or the count. */
const told: string[] = [];

const journal: MailJournal = {
  sent: ({ message }) => void told.push(`sent ${message}`),
  postponed: ({ message }) => void told.push(`postponed ${message}`),
  refused: ({ message }) => void told.push(`refused ${message}`),
  expired: (count) => void told.push(`expired ${count}`),
  failed: () => void told.push('failed'),
};

beforeEach(async () => {
  folder = scratchFolder();
  await makeDataFolder(folder);
  storage = await openStorage(folder, systemWorld, () => undefined);
  await createOrganizations(storage, ['ada', 'ben']);
});
afterEach(async () => {
  for (const mailer of mailers.splice(0)) await mailer.close();
  for (const server of servers.splice(0)) await server.close();
  await storage.close();
  rmSync(folder, { recursive: true });
  told.length = 0;
});

const message = (id: string, rest: Partial<Message> = {}): Message => ({
  id: recordingId(id),
  extension: extensionId('ada'),
  from: { number: '101', name: 'Ben' },
  at: 1_700_000_000_000,
  durationMs: 4_200,
  reason: 'busy',
  heard: false,
  deletedAt: null,
  ...rest,
});
const leave = (id: string) => storage.mailboxes(ours).insert(message(id), 'ada@example.org');

async function startServer(options: SmtpOptions = {}) {
  const server = await startSmtpServer(options);
  servers.push(server);
  return { server, deliver: deliveryTo(server.address) };
}
const deliveryTo = (server: Parameters<typeof smtpDelivery>[0]['server']): Deliver =>
  smtpDelivery({ server, from: { name: '', address: 'voicemail@example.org' } }, systemClock);

/** A little ahead of the clock that stamps the rows, so that new mail is due at once. */
const newClock = () => new VirtualClock(Date.now() + MINUTE_MS);

function startMailer(ports: Partial<MailerPorts> & Pick<MailerPorts, 'deliver'>) {
  const clock = newClock();
  const mailer = new Mailer({
    outbox: storage.outbox,
    open: async ({ message: id }) => Readable.from([Buffer.from(`sound of ${id}`)]),
    publicUrl: new URL('https://phone.example.org'),
    clock,
    journal,
    chance: () => 0.5,
    ...ports,
  });
  mailers.push(mailer);
  return { mailer, clock };
}

const isTold = (...events: string[]) => expect.poll(() => told).toEqual(events);
const idsIn = (received: readonly { source: string }[]) =>
  received.map(({ source }) => /^Message-ID: (.*)\r$/m.exec(source)?.[1]);

test('mail in the outbox at the start is sent, and then new mail', async () => {
  await leave('m1');
  const { server, deliver } = await startServer();
  const { mailer } = startMailer({ deliver });
  await isTold('sent m1');
  await leave('m2');
  mailer.wake();
  await isTold('sent m1', 'sent m2');
  expect(server.received.map(({ to }) => to)).toEqual([['ada@example.org'], ['ada@example.org']]);
  expect(await storage.outbox.size()).toBe(0);
});

test('it also checks the outbox by itself', async () => {
  const { deliver } = await startServer();
  const { clock } = startMailer({ deliver });
  await leave('m1');
  await clock.advance(15_000);
  await isTold('sent m1');
});

test('a recipient who is greylisted is tried again after a minute, and others meanwhile', async () => {
  let answers = [450];
  const { server, deliver } = await startServer({ recipient: () => answers.shift() });
  await leave('m1');
  const { mailer, clock } = startMailer({ deliver });
  await isTold('postponed m1');
  await leave('m2');
  mailer.wake();
  await isTold('postponed m1', 'sent m2');
  await clock.advance(MINUTE_MS - 1);
  expect(await storage.outbox.due(clock.now())).toBeUndefined();
  answers = [];
  await clock.advance(15_000);
  await isTold('postponed m1', 'sent m2', 'sent m1');
  expect(server.received).toHaveLength(2);
});

test('a recipient who is refused for good is not tried again', async () => {
  await leave('m1');
  const { deliver } = await startServer({ recipient: () => 550 });
  startMailer({ deliver });
  await isTold('refused m1');
  expect(await storage.outbox.size()).toBe(0);
});

test('a server that is down is left alone for a minute, whatever comes in; once it is up, untried mail is sent', async () => {
  const { server, deliver } = await startServer();
  await server.close();
  servers.length = 0;
  for (const id of ['m1', 'm2', 'm3']) await leave(id);
  let now = deliver;
  const { mailer, clock } = startMailer({ deliver: (mail, signal) => now(mail, signal) });
  await isTold('postponed m1');
  mailer.wake();
  await clock.advance(MINUTE_MS - 1);
  expect(told).toEqual(['postponed m1']);
  now = (await startServer()).deliver;
  await clock.advance(1);
  await expect.poll(() => told.toSorted()).toEqual(['postponed m1', 'sent m1', 'sent m2', 'sent m3']);
});

test('a server that stays down is tried less and less often, however much there is to send', async () => {
  for (let index = 0; index < 20; index++) await leave(`m${index}`);
  const asked: number[] = [];
  const clock = newClock();
  const start = clock.now();
  const { mailer } = startMailer({
    clock,
    deliver: async () => {
      asked.push((clock.now() - start) / MINUTE_MS);
      return { kind: 'unreachable', error: new Error('ECONNREFUSED') };
    },
  });
  for (let minute = 0; minute < 60; minute++) {
    mailer.wake();
    await clock.advance(MINUTE_MS);
  }
  expect(asked).toEqual([0, 1, 3, 7, 15, 30, 45, 60]);
});

test('after three days a mail is given up', async () => {
  await leave('m1');
  const { deliver } = await startServer({ recipient: () => 450 });
  const { clock } = startMailer({ deliver });
  await isTold('postponed m1');
  const days = newClock();
  await days.advance(3 * DAY_MS);
  startMailer({ deliver, clock: days });
  await isTold('postponed m1', 'expired 1');
  expect(await storage.outbox.size()).toBe(0);
  await clock.advance(0);
});

test('a message that is deleted before it was mailed is not mailed', async () => {
  await leave('m1');
  await storage.mailboxes(ours).update(message('m1', { deletedAt: 1 }));
  await leave('m2');
  const { deliver } = await startServer();
  startMailer({ deliver });
  await isTold('sent m2');
});

test('a message whose recording is gone is not mailed', async () => {
  await leave('m1');
  const { server, deliver } = await startServer();
  startMailer({ deliver, open: async () => undefined });
  await expect.poll(() => storage.outbox.size()).toBe(0);
  expect(server.received).toEqual([]);
});

test('a recording that cannot be read holds up its own mail only', async () => {
  await leave('m1');
  await leave('m2');
  const { deliver } = await startServer();
  const open: MailerPorts['open'] = async ({ message: id }) => {
    if (id === 'm1') throw new Error('EIO');
    return Readable.from(['sound']);
  };
  startMailer({ deliver, open });
  await isTold('postponed m1', 'sent m2');
  expect(await storage.outbox.size()).toBe(1);
});

test('a mail that was sent, but not forgotten before a kill, is sent again under the same Message-ID', async () => {
  await leave('m1');
  const { server, deliver } = await startServer();
  const dead = startMailer({
    deliver: (mail, signal) => deliver(mail, signal).then(() => new Promise(() => undefined)),
  });
  await expect.poll(() => server.received).toHaveLength(1);
  expect(await storage.outbox.size()).toBe(1);
  mailers.splice(mailers.indexOf(dead.mailer), 1); // it never comes back
  startMailer({ deliver });
  await isTold('sent m1');
  expect(idsIn(server.received)).toEqual(['<m1@example.org>', '<m1@example.org>']);
  expect(await storage.outbox.size()).toBe(0);
});

test('while the outbox cannot be told that a mail was sent, it is not sent again', async () => {
  const { server, deliver } = await startServer();
  const outbox = new FakeOutbox();
  const { from, at, durationMs, reason } = message('m1');
  const mailbox = { number: '100', name: 'ada' };
  const waiting = { organization: ours, message: recordingId('m1'), to: 'ada@example.org', mailbox };
  outbox.put({ ...waiting, from, language: 'en', at, durationMs, reason, attempts: 0 }, newClock().now());
  outbox.broken = true;
  const { clock } = startMailer({ deliver, outbox });
  await isTold('sent m1', 'failed');
  await clock.advance(MINUTE_MS);
  await isTold('sent m1', 'failed', 'failed');
  outbox.broken = false;
  await clock.advance(2 * MINUTE_MS);
  await expect.poll(() => outbox.size()).toBe(0);
  expect(server.received).toHaveLength(1);
});

test('closing aborts the mail under way, which stays in the outbox unchanged', async () => {
  await leave('m1');
  const { promise: isAsked, resolve: ask } = Promise.withResolvers<undefined>();
  const { mailer, clock } = startMailer({
    deliver: (_mail, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({ kind: 'unreachable', error: new Error('aborted') }));
        ask(undefined);
      }),
  });
  await isAsked;
  await mailer.close();
  expect(await storage.outbox.due(clock.now())).toMatchObject({ message: 'm1', attempts: 0 });
  expect(clock.pending).toBe(0);
  expect(told).toEqual([]);
});
