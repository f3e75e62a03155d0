import { extensionId, recordingId } from '@perch/shared';
import { expect, test } from 'vitest';
import { NO_PIN_GUESSES, type PinGuesses } from '../../../network/machines/pin-guesses.ts';
import type { MailboxStore, Message, StoredMailbox } from '../ports.ts';

const ada = extensionId('ada');
const ben = extensionId('ben');

const message: Message = {
  id: recordingId('11111111-1111-4111-8111-111111111111'),
  extension: ada,
  from: { number: '102', name: 'Ben “the bell” Ölçü' },
  at: 1_700_000_000_123,
  durationMs: 4_567,
  reason: 'desk-in-use',
  heard: false,
  deletedAt: null,
};
const another: Message = {
  ...message,
  id: recordingId('22222222-2222-4222-8222-222222222222'),
  extension: ben,
  at: 1_700_000_060_000,
};
const guessed = (...wrong: readonly number[]): PinGuesses => ({
  ...NO_PIN_GUESSES,
  wrong: wrong.map((at) => ({ at })),
});
const greeting = { id: recordingId('33333333-3333-4333-8333-333333333333'), durationMs: 2_000, at: 5 };

/**
 * What every `MailboxStore` must do. `make` gives an empty one, in an organization with the extensions `ada` and `ben`,
 * and a way to open it again as after a crash.
 */
export function mailboxStoreContract(
  name: string,
  make: () => Promise<{ readonly store: MailboxStore; reopen(): Promise<MailboxStore> }>,
): void {
  test(`${name}: nothing is there at first`, async () => {
    const { store } = await make();
    expect(await store.load()).toEqual({ messages: [], mailboxes: [] });
  });

  test(`${name}: messages are there after a crash, whole`, async () => {
    const { store, reopen } = await make();
    await store.insert(message, null);
    await store.insert(another, 'ben@example.org');
    const { messages } = await (await reopen()).load();
    expect(messages).toHaveLength(2);
    expect(messages).toEqual(expect.arrayContaining([message, another]));
  });

  test(`${name}: the same message twice is refused, and stays as it was`, async () => {
    const { store } = await make();
    await store.insert(message, null);
    await expect(store.insert({ ...message, durationMs: 1 }, null)).rejects.toThrow();
    expect((await store.load()).messages).toEqual([message]);
  });

  test.for<Partial<Message>>([
    { heard: true },
    { deletedAt: 1_700_000_100_000 },
    { heard: true, deletedAt: 1 },
  ])(`${name}: a message becomes %o, and what it was again`, async (change) => {
    const { store, reopen } = await make();
    await store.insert(message, null);
    await store.insert(another, null);
    await store.update({ ...message, ...change });
    const again = await reopen();
    const { messages } = await again.load();
    expect(messages).toHaveLength(2);
    expect(messages).toEqual(expect.arrayContaining([{ ...message, ...change }, another]));
    await again.update(message);
    expect((await again.load()).messages).toContainEqual(message);
  });

  test(`${name}: removed messages are gone; one that is not there, or none at all, is harmless`, async () => {
    const { store, reopen } = await make();
    await store.insert(message, 'ada@example.org');
    await store.insert(another, null);
    await store.remove([]);
    await store.remove([message.id, recordingId('44444444-4444-4444-8444-444444444444')]);
    expect((await (await reopen()).load()).messages).toEqual([another]);
  });

  test.for<StoredMailbox>([
    { extension: ada, greeting, pinGuesses: NO_PIN_GUESSES },
    { extension: ada, greeting: null, pinGuesses: guessed(1_700_000_000_000, 1_700_000_000_001) },
    { extension: ada, greeting: null, pinGuesses: { wrong: [], locks: 2, lockedUntil: 1_700_000_000_000 } },
    { extension: ada, greeting, pinGuesses: { ...guessed(3), locks: 1, lockedUntil: 2 } },
  ])(`${name}: a mailbox stands in place of the one before: %o`, async (mailbox) => {
    const { store, reopen } = await make();
    await store.putMailbox({
      extension: ada,
      greeting: { ...greeting, durationMs: 1 },
      pinGuesses: guessed(1, 2),
    });
    await store.putMailbox(mailbox);
    await store.putMailbox({ ...mailbox, extension: ben });
    const { mailboxes } = await (await reopen()).load();
    expect(mailboxes).toHaveLength(2);
    expect(mailboxes).toEqual(expect.arrayContaining([mailbox, { ...mailbox, extension: ben }]));
  });

  test(`${name}: a mailbox without greeting, wrong PINs and locks leaves no row`, async () => {
    const { store, reopen } = await make();
    await store.putMailbox({ extension: ada, greeting, pinGuesses: guessed(1) });
    await store.putMailbox({ extension: ada, greeting: null, pinGuesses: NO_PIN_GUESSES });
    expect((await (await reopen()).load()).mailboxes).toEqual([]);
  });

  test(`${name}: storing an empty mailbox of a deleted extension is harmless`, async () => {
    const { store } = await make();
    await store.putMailbox({ extension: extensionId('gone'), greeting: null, pinGuesses: NO_PIN_GUESSES });
    expect((await store.load()).mailboxes).toEqual([]);
  });
}
