import { extensionId, type Language, recordingId } from '@perch/shared';
import { expect, test } from 'vitest';
import { mailboxStoreContract } from '../../exchange/voicemail/support/mailbox-store.contract.ts';
import type { Message } from '../../exchange/voicemail/ports.ts';
import { outboxContract } from '../../mail/support/outbox.contract.ts';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { NO_PIN_GUESSES } from '../../network/machines/pin-guesses.ts';
import { ours, storedExtension, theirs } from './support/organizations.ts';
import { killableStorage } from './support/killable-storage.ts';
import { systemWorld } from '../../world/world.ts';

const storages = killableStorage();

async function make() {
  const storage = await storages.start(['ada', 'ben']);
  return {
    storage,
    outbox: storage.outbox,
    store: storage.mailboxes(ours),
    reopen: async () => (await storages.startAfterKill()).mailboxes(ours),
  };
}

mailboxStoreContract('SQLite', make);

outboxContract('SQLite', async () => {
  const clock = new VirtualClock(0);
  const storage = await storages.start(['ada', 'ben'], { ...systemWorld, clock });
  return {
    outbox: storage.outbox,
    leave: async (mail, at) => {
      await clock.advance(at - clock.now());
      const { message: id, from, at: since, durationMs, reason } = mail;
      const kept = { id, from, at: since, durationMs, reason, heard: false, deletedAt: null };
      await storage.mailboxes(ours).insert({ ...kept, extension: extensionId('ada') }, mail.to);
    },
    reopen: async () => (await storages.startAfterKill()).outbox,
  };
});

const GUESSED = { wrong: [{ at: 1 }], locks: 0, lockedUntil: 0 };

/** An instant at which everything in the outbox is due. */
const later = (): number => Date.now() + 1_000;

const message: Message = {
  id: recordingId('m1'),
  extension: extensionId('ada'),
  from: { number: '101', name: 'Ben' },
  at: 1_700_000_000_000,
  durationMs: 4_200,
  reason: 'busy',
  heard: false,
  deletedAt: null,
};
const mail = {
  organization: ours,
  message: message.id,
  to: 'ada@example.org',
  mailbox: { number: '100', name: 'ada' },
  from: message.from,
  language: 'en',
  at: message.at,
  durationMs: message.durationMs,
  reason: message.reason,
  attempts: 0,
};

test.for([
  ['an extension of another organization', 'stranger'],
  ['an extension that does not exist', 'nobody'],
] as const)('nothing can be stored for %s', async ([, id]) => {
  const { store, outbox } = await make();
  const extension = extensionId(id);
  await expect(store.insert({ ...message, extension }, 'a@example.org')).rejects.toThrow(/constraint/);
  await expect(store.putMailbox({ extension, greeting: null, pinGuesses: GUESSED })).rejects.toThrow(
    /constraint/,
  );
  expect(await store.load()).toEqual({ messages: [], mailboxes: [] });
  expect(await outbox.size()).toBe(0);
});

test('another organization sees nothing, and can change and remove nothing', async () => {
  const { storage, store } = await make();
  const mailbox = { extension: message.extension, greeting: null, pinGuesses: GUESSED };
  await store.insert(message, null);
  await store.putMailbox(mailbox);
  const others = storage.mailboxes(theirs);
  await others.update({ ...message, heard: true });
  await others.remove([message.id]);
  await others.putMailbox({ ...mailbox, pinGuesses: NO_PIN_GUESSES });
  expect(await others.load()).toEqual({ messages: [], mailboxes: [] });
  expect(await store.load()).toEqual({ messages: [message], mailboxes: [mailbox] });
});

test('mail is in the language of the extension, or else in that of its organization', async () => {
  const { storage, store, outbox } = await make();
  await store.insert(message, 'ada@example.org');
  await storage.organizations.setLanguage(ours, 'ro');
  expect((await outbox.due(later()))?.language).toBe('ro');
  const ada = storedExtension('ada', '100', ours);
  const unknown = 'tlh' as Language;
  await storage.book(ours).update({ ...ada, language: unknown, voicemailMail: 'ada@example.org' });
  expect((await outbox.due(later()))?.language).toBe('ro');
  await storage.book(ours).update({ ...ada, language: 'fr', voicemailMail: 'ada@example.org' });
  expect((await outbox.due(later()))?.language).toBe('fr');
});

test('a message and the mail about it are stored together, over a crash', async () => {
  const { store, outbox } = await make();
  expect(await outbox.due(later())).toBeUndefined();
  await store.insert(message, 'ada@example.org');
  expect(await outbox.due(later())).toEqual(mail);
  const after = await storages.startAfterKill();
  expect(await after.outbox.due(later())).toEqual(mail);
});

test('mail that is forgotten leaves its message', async () => {
  const { store, outbox } = await make();
  await store.insert(message, 'ada@example.org');
  await outbox.forget(message.id);
  expect((await store.load()).messages).toEqual([message]);
});

test('without an address there is no mail', async () => {
  const { store, outbox } = await make();
  await store.insert(message, null);
  expect(await outbox.size()).toBe(0);
});

test('no mail is sent about a deleted message; about a restored one it is', async () => {
  const { store, outbox } = await make();
  await store.insert(message, 'ada@example.org');
  await store.update({ ...message, deletedAt: 1 });
  expect(await outbox.due(later())).toBeUndefined();
  await store.update(message);
  expect(await outbox.due(later())).toEqual(mail);
});

test('removing a message removes the mail about it', async () => {
  const { store, outbox } = await make();
  await store.insert(message, 'ada@example.org');
  await store.remove([message.id]);
  expect(await outbox.size()).toBe(0);
});

test.for([
  ['suspended', { suspended: true }],
  ['without that address by now', { voicemailMail: 'ada@elsewhere.example' }],
  ['without any address by now', { voicemailMail: null }],
] as const)('the mail of an extension that is %s waits', async ([, change]) => {
  const { storage, store, outbox } = await make();
  await store.insert(message, 'ada@example.org');
  await storage.book(ours).update({ ...storedExtension('ada', '100', ours), ...change });
  expect(await outbox.due(later())).toBeUndefined();
  await storage.book(ours).update(storedExtension('ada', '100', ours));
  expect(await outbox.due(later())).toEqual(mail);
});

test('a deleted extension gets no mail', async () => {
  const { storage, store, outbox } = await make();
  await store.insert(message, 'ada@example.org');
  await storage.book(ours).delete(message.extension, []);
  expect(await outbox.due(later())).toBeUndefined();
});
