import { extensionId, recordingId } from '@perch/shared';
import { expect, test } from 'vitest';
import { NO_PIN_GUESSES } from '../../network/machines/pin-guesses.ts';
import type { Mailboxes } from './mailboxes.ts';
import { ada, ben, MailboxHouse } from './support/test-mailboxes.ts';
import { type Message, RESTORABLE_MS } from './ports.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const GUESSED = { wrong: [{ at: 1 }, { at: 2 }], locks: 1, lockedUntil: 0 };

/** Mailboxes with these messages, the first the oldest, one a minute. */
async function withMessages(...about: Partial<Message>[]) {
  const house = new MailboxHouse();
  const mailboxes = await house.open();
  const messages: Message[] = [];
  for (const one of about) {
    const message = await house.recorded(one);
    await mailboxes.keep(message);
    messages.push(message);
    await house.clock.advance(60_000);
  }
  house.changed.length = 0;
  return { house, mailboxes, messages: messages as [Message, Message, Message, ...Message[]] };
}

const idsIn = (mailboxes: Mailboxes, extension = ada) => mailboxes.messages(extension).map(({ id }) => id);

test('at first a mailbox is empty', async () => {
  const mailboxes = await new MailboxHouse().open();
  expect(mailboxes.messages(ada)).toEqual([]);
  expect(mailboxes.counts(ada)).toEqual({ new: 0, heard: 0 });
  expect(mailboxes.greeting(ada)).toBeNull();
  expect(mailboxes.pinGuesses(ada)).toEqual(NO_PIN_GUESSES);
  expect(mailboxes.isFull(ada)).toBe(false);
  expect(mailboxes.roomMs(ada)).toBe(HOUR);
});

test('a message is first durable, then in its mailbox, then announced', async () => {
  const house = new MailboxHouse();
  const mailboxes = await house.open();
  const message = await house.recorded();
  const written = house.store.holdUp();
  const kept = mailboxes.keep(message);
  await house.clock.advance(1_000);
  expect([mailboxes.messages(ada), house.changed]).toEqual([[], []]);
  written();
  expect(await kept).toBe(true);
  expect([mailboxes.messages(ada), house.changed]).toEqual([[message], [ada]]);
  expect((await house.store.load()).messages).toEqual([message]);
  expect(mailboxes.messages(ben)).toEqual([]);
});

test('what a number has left for anybody in a time is deleted for good, with its files', async () => {
  const from = { number: '101', name: 'Ada' };
  const { house, mailboxes, messages } = await withMessages(
    { at: 10, from },
    { at: 20, from },
    { at: 20, from, extension: ben },
    { at: 20, from: { number: '102', name: 'Ben' } },
  );
  const [early, gone, gonesOther, others] = messages;
  await mailboxes.delete(ada, gone.id);
  await mailboxes.forgetFrom({ number: '101', from: 15, until: 25 });
  expect([idsIn(mailboxes), idsIn(mailboxes, ben)]).toEqual([[others?.id, early.id], []]);
  const stored = (await house.store.load()).messages.map(({ id }) => id);
  expect(stored.toSorted()).toEqual([early.id, others?.id].toSorted());
  for (const { id } of [gone, gonesOther]) await expect(house.recordings.read(id)).rejects.toThrow();
});

test('messages are listed newest first, in whatever order they were kept', async () => {
  const house = new MailboxHouse();
  const mailboxes = await house.open();
  const [older, newer, newest] = [1, 2, 3].map((at) => house.message({ at }));
  for (const message of [newer, newest, older]) if (message) await mailboxes.keep(message);
  expect(idsIn(mailboxes)).toEqual([newest?.id, newer?.id, older?.id]);
  expect(idsIn(await house.open())).toEqual([]); // none of them has a recording
});

test('a mail is due where the extension wants one', async () => {
  const house = new MailboxHouse();
  const known = house.directory.byId(ada);
  if (known) house.directory.set({ ...known, voicemailMail: 'ada@example.org' });
  const mailboxes = await house.open();
  const forAda = await house.recorded();
  const forBen = await house.recorded({ extension: ben });
  await mailboxes.keep(forAda);
  await mailboxes.keep(forBen);
  expect([...house.store.outbox]).toEqual([[forAda.id, 'ada@example.org']]);
});

test('heard and deleted messages are counted as such, and restored ones as they were', async () => {
  const { house, mailboxes, messages } = await withMessages({}, {}, {});
  const [first, second] = messages;
  expect(await mailboxes.markHeard(ada, first.id, true)).toBe(true);
  expect(mailboxes.counts(ada)).toEqual({ new: 2, heard: 1 });
  expect(await mailboxes.delete(ada, first.id)).toBe(true);
  expect(await mailboxes.delete(ada, second.id)).toBe(true);
  expect(mailboxes.counts(ada)).toEqual({ new: 1, heard: 0 });
  expect(await mailboxes.restore(ada, first.id)).toBe(true);
  expect(mailboxes.counts(ada)).toEqual({ new: 1, heard: 1 });
  expect(house.changed).toEqual([ada, ada, ada, ada]);
  const reopened = await house.open();
  expect(reopened.messages(ada)).toEqual(mailboxes.messages(ada));
});

test('a change that is already in effect is not written or announced again', async () => {
  const { house, mailboxes, messages } = await withMessages({});
  const { id } = messages[0];
  for (let n = 0; n < 2; n += 1) expect(await mailboxes.markHeard(ada, id, true)).toBe(true);
  for (let n = 0; n < 2; n += 1) expect(await mailboxes.delete(ada, id)).toBe(true);
  expect(house.changed).toEqual([ada, ada]);
});

test.for<[string, (mailboxes: Mailboxes, message: Message) => Promise<boolean>]>([
  ['marking what is not there', (mailboxes) => mailboxes.markHeard(ada, recordingId('other'), true)],
  ['deleting what is not there', (mailboxes) => mailboxes.delete(ada, recordingId('other'))],
  ['restoring what is not there', (mailboxes) => mailboxes.restore(ada, recordingId('other'))],
  ['marking in another’s mailbox', (mailboxes, { id }) => mailboxes.markHeard(ben, id, true)],
  ['deleting from another’s mailbox', (mailboxes, { id }) => mailboxes.delete(ben, id)],
])('%s: there is no such message', async ([, act]) => {
  const { house, mailboxes, messages } = await withMessages({});
  expect(await act(mailboxes, messages[0])).toBe(false);
  expect(house.changed).toEqual([]);
});

test('a deleted message cannot be marked', async () => {
  const { mailboxes, messages } = await withMessages({});
  await mailboxes.delete(ada, messages[0].id);
  expect(await mailboxes.markHeard(ada, messages[0].id, true)).toBe(false);
});

test.for([
  [RESTORABLE_MS - 1, true],
  [RESTORABLE_MS, false],
] as const)('%i ms after it was deleted, a message can be restored: %s', async ([ms, restored]) => {
  const { house, mailboxes, messages } = await withMessages({});
  await mailboxes.delete(ada, messages[0].id);
  await house.clock.advance(ms);
  expect(await mailboxes.restore(ada, messages[0].id)).toBe(restored);
  expect(idsIn(mailboxes)).toEqual(restored ? [messages[0].id] : []);
});

test('deleting twice does not prolong the time for restoring', async () => {
  const { house, mailboxes, messages } = await withMessages({});
  await mailboxes.delete(ada, messages[0].id);
  await house.clock.advance(RESTORABLE_MS - 1);
  await mailboxes.delete(ada, messages[0].id);
  await house.clock.advance(1);
  expect(await mailboxes.restore(ada, messages[0].id)).toBe(false);
});

test('simultaneous changes all happen, in order, and none is lost', async () => {
  const { house, mailboxes, messages } = await withMessages({});
  const { id } = messages[0];
  const written = house.store.holdUp();
  const done = Promise.all([
    mailboxes.markHeard(ada, id, true),
    mailboxes.delete(ada, id),
    mailboxes.markHeard(ada, id, false),
    mailboxes.restore(ada, id),
  ]);
  written();
  expect(await done).toEqual([true, true, false, true]);
  expect(mailboxes.messages(ada)).toEqual([{ ...messages[0], heard: true }]);
});

test.for<[string, (mailboxes: Mailboxes, house: MailboxHouse, message: Message) => Promise<unknown>]>([
  ['keep', (mailboxes, house) => mailboxes.keep(house.message())],
  ['mark', (mailboxes, _, { id }) => mailboxes.markHeard(ada, id, true)],
  ['delete', (mailboxes, _, { id }) => mailboxes.delete(ada, id)],
  [
    'greet',
    (mailboxes, { newId }) =>
      mailboxes.setGreeting(ada, { id: recordingId(newId.name), durationMs: 1, at: 1 }),
  ],
  ['silence the greeting', (mailboxes) => mailboxes.setGreeting(ada, null)],
  ['count wrong PINs', (mailboxes) => mailboxes.setPinGuesses(ada, GUESSED)],
])('where the store fails to %s, the caller is told, and nothing has changed', async ([, act]) => {
  const { house, mailboxes, messages } = await withMessages({});
  const greeting = { id: house.newId(), durationMs: 2_000, at: 1 };
  const file = await house.begun({ kind: 'greeting', id: greeting.id, extension: ada });
  await file.keep();
  await mailboxes.setGreeting(ada, greeting);
  house.changed.length = 0;
  house.store.broken = true;
  await expect(act(mailboxes, house, messages[0])).rejects.toThrow('the disk is broken');
  expect(mailboxes.messages(ada)).toEqual([messages[0]]);
  expect(mailboxes.greeting(ada)).toEqual(greeting);
  expect(mailboxes.pinGuesses(ada)).toEqual(NO_PIN_GUESSES);
  expect(house.changed).toEqual([]);
  expect(house.recordings.kept).toContain(greeting.id);
  // The failure does not hold up the next change.
  house.store.broken = false;
  expect(await mailboxes.markHeard(ada, messages[0].id, true)).toBe(true);
});

test('a greeting replaces the old one, whose file is deleted', async () => {
  const house = new MailboxHouse();
  const mailboxes = await house.open();
  const [first, second] = [house.newId(), house.newId()];
  for (const id of [first, second]) {
    await (await house.begun({ kind: 'greeting', id, extension: ada })).keep();
    await mailboxes.setGreeting(ada, { id, durationMs: 5_000, at: 1 });
  }
  expect(mailboxes.greeting(ada)?.id).toBe(second);
  expect(house.recordings.kept).toEqual([second]);
  expect((await house.open()).greeting(ada)?.id).toBe(second);
  await mailboxes.setGreeting(ada, null);
  expect(mailboxes.greeting(ada)).toBeNull();
  expect(house.recordings.kept).toEqual([]);
  expect(house.changed).toEqual([ada, ada, ada]);
});

test('a greeting and wrong PINs are stored independently, over restarts', async () => {
  const house = new MailboxHouse();
  const mailboxes = await house.open();
  const id = house.newId();
  await (await house.begun({ kind: 'greeting', id, extension: ada })).keep();
  await Promise.all([
    mailboxes.setPinGuesses(ada, GUESSED),
    mailboxes.setGreeting(ada, { id, durationMs: 5_000, at: 1 }),
  ]);
  const reopened = await house.open();
  expect([reopened.pinGuesses(ada), reopened.greeting(ada)?.id]).toEqual([GUESSED, id]);
});

test('a recording is read only through its own mailbox, and not once it is deleted', async () => {
  const { house, mailboxes, messages } = await withMessages({});
  const { id } = messages[0];
  expect(await mailboxes.recording(ada, id)).toHaveLength(5_000);
  expect(await mailboxes.recording(ben, id)).toBeUndefined();
  await mailboxes.delete(ada, id);
  expect(await mailboxes.recording(ada, id)).toBeUndefined();
  expect(house.recordings.kept).toEqual([id]);
});

test('a mailbox is full with its messages or its minutes; deleted ones take no room', async () => {
  const house = new MailboxHouse();
  house.limits = { messages: 3, totalMs: 60_000, retentionMs: null };
  const mailboxes = await house.open();
  const long = await house.recorded({ durationMs: 59_500 });
  await mailboxes.keep(long);
  expect([mailboxes.isFull(ada), mailboxes.roomMs(ada)]).toEqual([true, 500]);
  await mailboxes.delete(ada, long.id);
  expect([mailboxes.isFull(ada), mailboxes.roomMs(ada)]).toEqual([false, 60_000]);
  for (let n = 0; n < 3; n += 1) await mailboxes.keep(await house.recorded());
  expect(mailboxes.isFull(ada)).toBe(true);
  expect(mailboxes.takePlace(ada)).toBeUndefined();
  expect(mailboxes.isFull(ben)).toBe(false);
  // A deleted message can be restored all the same.
  expect(await mailboxes.restore(ada, long.id)).toBe(true);
  expect(mailboxes.roomMs(ada)).toBe(0);
});

test('a caller who is about to leave a message has a place: fifty at once exceed no limit', async () => {
  const house = new MailboxHouse();
  house.limits = { messages: 20, totalMs: HOUR, retentionMs: null };
  const mailboxes = await house.open();
  const places = Array.from({ length: 50 }, () => mailboxes.takePlace(ada));
  const taken = places.filter((place) => place !== undefined);
  expect(taken).toHaveLength(20);
  taken[0]?.release();
  taken[0]?.release();
  expect(mailboxes.takePlace(ada)).toBeDefined();
  expect(mailboxes.takePlace(ada)).toBeUndefined();
});

test('a message under way can use the room that is free at each moment', async () => {
  const house = new MailboxHouse();
  house.limits = { messages: 100, totalMs: 20_000, retentionMs: null };
  const mailboxes = await house.open();
  const started = house.clock.now();
  const [first, second] = [await house.recorded(), await house.recorded()];
  for (const message of [first, second]) await mailboxes.keep(message);
  const ended: number[] = [];
  mailboxes.takePlace(ada)?.begin(() => ended.push(house.clock.now() - started));
  await house.clock.advance(9_999);
  expect([mailboxes.roomMs(ada), mailboxes.isFull(ada)]).toEqual([1, true]);
  await mailboxes.delete(ada, first.id);
  await house.clock.advance(4_000);
  expect(ended).toEqual([]);
  await mailboxes.restore(ada, first.id);
  expect([mailboxes.roomMs(ada), ended]).toEqual([0, [13_999]]);
});

test('a start drops rows without a recording, and makes rows of what was salvaged, with their mails', async () => {
  const { house, messages } = await withMessages({}, {});
  const known = house.directory.byId(ben);
  if (known) house.directory.set({ ...known, voicemailMail: 'ben@example.org' });
  await house.recordings.delete(messages[0].id);
  const greeting = house.newId();
  await house.store.putMailbox({
    extension: ada,
    greeting: { id: greeting, durationMs: 1, at: 1 },
    pinGuesses: GUESSED,
  });
  const kept = await house.recorded({ extension: ben });
  const underWay = house.message({ extension: ben, at: kept.at + 1 });
  await house.begun({ kind: 'message', ...underWay });
  house.recordings = house.recordings.afterCrash();
  house.journal.length = 0;

  const mailboxes = await house.open();
  expect(idsIn(mailboxes)).toEqual([messages[1].id]);
  expect([mailboxes.greeting(ada), mailboxes.pinGuesses(ada)]).toEqual([null, GUESSED]);
  expect(mailboxes.messages(ben)).toEqual([underWay, kept]);
  expect([...house.store.outbox.keys()].sort()).toEqual([kept.id, underWay.id].sort());
  expect(house.journal).toEqual(['ben salvaged', 'ben salvaged']);
  // No page has been told anything yet, so none is told of a change.
  expect(house.changed).toEqual([]);
  const reopened = await house.open();
  expect(reopened.messages(ben)).toEqual([underWay, kept]);
  expect((await house.store.load()).messages).toHaveLength(3);
});

test('the messages of an extension that has been deleted are removed at the start', async () => {
  const { house, messages } = await withMessages({}, { extension: ben });
  await house.recorded({ extension: extensionId('nobody') });
  house.directory.delete(ada);
  const mailboxes = await house.open();
  expect(idsIn(mailboxes)).toEqual([]);
  expect(house.recordings.kept).toEqual([messages[1].id]);
  expect((await house.store.load()).messages).toEqual([messages[1]]);
});

test('a start continues where the store fails', async () => {
  const { house, messages } = await withMessages({});
  await house.recorded();
  house.store.broken = true;
  const mailboxes = await house.open();
  expect(idsIn(mailboxes)).toEqual([messages[0].id]);
  expect(house.journal.at(-1)).toBe('Error: the disk is broken');
  house.store.broken = false;
  expect(idsIn(await house.open())).toHaveLength(2);
});

test('a start continues where the recordings cannot be listed, and drops nothing', async () => {
  const { house, messages } = await withMessages({});
  house.recordings.salvage = () => Promise.reject(new Error('the disk is not there'));
  expect(idsIn(await house.open())).toEqual([messages[0].id]);
  expect(house.journal).toEqual(['Error: the disk is not there']);
});

test('a deleted message is removed for good within an hour after it can no longer be restored', async () => {
  const { house, mailboxes, messages } = await withMessages({}, {});
  await mailboxes.delete(ada, messages[0].id);
  house.journal.length = 0;
  await house.clock.advance(HOUR + RESTORABLE_MS);
  expect(house.recordings.kept).toEqual([messages[1].id]);
  expect((await house.store.load()).messages).toEqual([messages[1]]);
  expect(house.journal).toEqual(['1 deleted']);
});

test('messages are kept for the retention time', async () => {
  const house = new MailboxHouse();
  house.limits = { ...house.limits, retentionMs: 2 * DAY };
  const mailboxes = await house.open();
  const first = await house.recorded();
  await mailboxes.keep(first);
  await house.clock.advance(DAY);
  const second = await house.recorded();
  await mailboxes.keep(second);
  house.changed.length = 0;
  await house.clock.advance(DAY - 2);
  expect(idsIn(mailboxes)).toEqual([second.id, first.id]);
  await house.clock.advance(HOUR + 2);
  expect(idsIn(mailboxes)).toEqual([second.id]);
  expect(house.recordings.kept).toEqual([second.id]);
  expect(house.changed).toEqual([ada]);
  expect(house.journal).toEqual(['1 expired']);
  // Also at a start, without waiting for the hour.
  await mailboxes.close();
  await house.clock.advance(DAY);
  expect(idsIn(await house.open())).toEqual([]);
});

test('a recording that cannot be deleted keeps its row, and is tried again', async () => {
  const { house, mailboxes, messages } = await withMessages({});
  await mailboxes.delete(ada, messages[0].id);
  house.recordings.broken = true;
  await house.clock.advance(2 * HOUR);
  expect((await house.store.load()).messages).toHaveLength(1);
  house.recordings.broken = false;
  await house.clock.advance(HOUR);
  expect((await house.store.load()).messages).toEqual([]);
  expect(house.recordings.kept).toEqual([]);
});

test('a deleted extension leaves nothing, and a message that comes late is not kept', async () => {
  const { house, mailboxes, messages } = await withMessages({}, {}, { extension: ben });
  const greeting = house.newId();
  await (await house.begun({ kind: 'greeting', id: greeting, extension: ada })).keep();
  await mailboxes.setGreeting(ada, { id: greeting, durationMs: 5_000, at: 1 });
  const late = await house.recorded();
  house.directory.delete(ada);
  await mailboxes.forget(ada);
  expect(await mailboxes.keep(late)).toBe(false);
  expect(mailboxes.messages(ada)).toEqual([]);
  expect(house.recordings.kept).toEqual([messages[2].id]);
  expect(await house.store.load()).toEqual({ messages: [messages[2]], mailboxes: [] });
});

test('closing waits for pending changes, and stops the tidying', async () => {
  const { house, mailboxes, messages } = await withMessages({});
  const written = house.store.holdUp();
  void mailboxes.markHeard(ada, messages[0].id, true);
  let isClosed = false;
  const closed = mailboxes.close().then(() => (isClosed = true));
  await house.clock.advance(1_000);
  expect(isClosed).toBe(false);
  written();
  await closed;
  expect(mailboxes.counts(ada)).toEqual({ new: 0, heard: 1 });
  expect(house.clock.pending).toBe(0);
});
