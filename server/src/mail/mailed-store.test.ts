import { extensionId, recordingId } from '@perch/shared';
import { expect, test } from 'vitest';
import { FakeMailboxStore } from '../exchange/voicemail/support/fake-mailbox-store.ts';
import { mailboxStoreContract } from '../exchange/voicemail/support/mailbox-store.contract.ts';
import type { Message } from '../exchange/voicemail/ports.ts';
import { mailedStore } from './mailed-store.ts';

mailboxStoreContract('with a mailer', async () => {
  const store = mailedStore(new FakeMailboxStore(), { wake: () => undefined });
  return { store, reopen: async () => store };
});

const message: Message = {
  id: recordingId('m1'),
  extension: extensionId('ada'),
  from: { number: '101', name: 'Ben' },
  at: 1,
  durationMs: 4_200,
  reason: 'busy',
  heard: false,
  deletedAt: null,
};

test('the mailer is woken by mail in the outbox, and by nothing else', async () => {
  const store = new FakeMailboxStore();
  const found: number[] = [];
  const mailed = mailedStore(store, { wake: () => void found.push(store.outbox.size) });
  await mailed.insert(message, 'ada@example.org');
  await mailed.insert({ ...message, id: recordingId('m2') }, null);
  store.broken = true;
  await expect(mailed.insert({ ...message, id: recordingId('m3') }, 'ada@example.org')).rejects.toThrow();
  expect(found).toEqual([1]);
});

test('without a mailer nothing piles up in the outbox', async () => {
  const store = new FakeMailboxStore();
  await mailedStore(store, undefined).insert(message, 'ada@example.org');
  expect(store.outbox.size).toBe(0);
  expect((await store.load()).messages).toEqual([message]);
});
