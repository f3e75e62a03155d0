import { expect, test } from 'vitest';
import { terminal } from '../support/test-desk.ts';
import { PinDesk } from './pin-desk.ts';
import { id, openVisitorsHouse, pinOf } from './support/visitors.ts';

const RIGHT = pinOf('101');

async function openDesk() {
  const house = await openVisitorsHouse();
  const { pinDesk } = house;
  const guess = (pin: string) => pinDesk.verify(id('101'), pin);
  const guessWrong = async (times: number) => {
    for (let n = 0; n < times; n += 1) await guess('0000');
  };
  return { ...house, guess, guessWrong };
}

test.for([
  ['the owner at home', '101', '101', 'open'],
  ['a desk at its own station', '201', '201', 'open'],
  ['a guest', '101', '201', 'pin-needed'],
  ['a guest who has no PIN', '102', '201', 'no-pin'],
  ['the owner at home, without a PIN', '102', '102', 'open'],
] as const)('who needs a PIN: %s', async ([, speaker, on, access]) => {
  const { pinDesk, pins } = await openDesk();
  pins.without.add(id('102'));
  expect(pinDesk.accessOf(id(speaker), terminal(on))).toBe(access);
});

test('the right PIN is accepted, and counts for nothing', async () => {
  const { guess, mailboxes } = await openDesk();
  for (let n = 0; n < 10; n += 1) expect(await guess(RIGHT)).toBe(true);
  expect(mailboxes.wrongPins(id('101'))).toEqual([]);
});

test('five wrong ones in 15 minutes: for 15 minutes after the last no PIN is right', async () => {
  const { guess, guessWrong, clock } = await openDesk();
  await guessWrong(4);
  expect(await guess(RIGHT)).toBe(true);
  await clock.advance(60_000);
  await guessWrong(1);
  expect(await guess(RIGHT)).toBe(false);
  await clock.advance(15 * 60_000 - 1);
  expect(await guess(RIGHT)).toBe(false);
  await clock.advance(1);
  expect(await guess(RIGHT)).toBe(true);
});

test('wrong ones that are 15 minutes old no longer count', async () => {
  const { guess, guessWrong, clock } = await openDesk();
  await guessWrong(4);
  await clock.advance(15 * 60_000);
  await guessWrong(4);
  expect(await guess(RIGHT)).toBe(true);
});

test('a lock cannot be prolonged', async () => {
  const { guess, guessWrong, clock } = await openDesk();
  await guessWrong(5);
  await clock.advance(14 * 60_000);
  await guessWrong(20);
  await clock.advance(60_000);
  expect(await guess(RIGHT)).toBe(true);
});

test('a locked mailbox does not lock the others', async () => {
  const { guessWrong, pinDesk } = await openDesk();
  await guessWrong(5);
  expect(await pinDesk.verify(id('102'), pinOf('102'))).toBe(true);
});

test('simultaneous PINs get no more tries than successive ones', async () => {
  const { guess, clock } = await openDesk();
  const wrong = Array.from({ length: 5 }, () => guess('0000'));
  const right = guess(RIGHT);
  expect(await right).toBe(false);
  expect(await Promise.all(wrong)).toEqual([false, false, false, false, false]);
  expect(await guess(RIGHT)).toBe(false);
  await clock.advance(15 * 60_000);
  expect(await guess(RIGHT)).toBe(true);
});

test('a right PIN is accepted among four others that are verified at the same time', async () => {
  const { guess } = await openDesk();
  const wrong = Array.from({ length: 4 }, () => guess('0000'));
  expect(await guess(RIGHT)).toBe(true);
  await Promise.all(wrong);
  expect(await guess(RIGHT)).toBe(true);
});

test('PINs verified at the same time are each counted', async () => {
  const { guess, mailboxes } = await openDesk();
  await Promise.all([guess('0000'), guess('0001'), guess(RIGHT), guess('0002')]);
  expect(mailboxes.wrongPins(id('101'))).toHaveLength(3);
});

test('whatever the reason for the refusal, the hash is made and the bucket is written', async () => {
  const { guess, guessWrong, pinDesk, pins, store } = await openDesk();
  pins.without.add(id('102'));
  let writes = 0;
  const put = store.putMailbox.bind(store);
  store.putMailbox = (mailbox) => {
    writes += 1;
    return put(mailbox);
  };
  await guessWrong(5);
  expect([await guess('0000'), await guess(RIGHT), await pinDesk.verify(id('102'), '0000')]).toEqual([
    false,
    false,
    false,
  ]);
  expect(pins.verified).toHaveLength(8);
  expect(writes).toBe(8);
});

test('a wrong PIN is counted durably before the answer says that it was wrong', async () => {
  const { guess, store, clock } = await openDesk();
  const written = store.holdUp();
  let heard = false;
  const guessed = guess('0000').then(() => (heard = true));
  await clock.advance(0);
  expect(heard).toBe(false);
  written();
  await guessed;
  expect((await store.load()).mailboxes).toMatchObject([{ wrongPins: [expect.any(Number)] }]);
});

test('the bucket is still full after a restart', async () => {
  const { guessWrong, directory, pins, mailboxes, clock, journal } = await openDesk();
  await guessWrong(5);
  const again = new PinDesk({
    ...{ directory, pins, mailboxes, clock },
    journal: { failed: (error) => void journal.push(String(error)) },
  });
  expect(await again.verify(id('101'), RIGHT)).toBe(false);
});

test('a failing disk gives no more tries, and the answer says nothing about the PIN', async () => {
  const { guess, guessWrong, store, journal } = await openDesk();
  store.broken = true;
  await guessWrong(5);
  expect(await guess(RIGHT)).toBe(false);
  store.broken = false;
  expect(await guess(RIGHT)).toBe(false);
  expect((await store.load()).mailboxes[0]?.wrongPins).toHaveLength(5);
  expect(journal.length).toBeGreaterThan(0);
});

test('a PIN that could not be verified does not count as tried', async () => {
  const { guess, pins, mailboxes } = await openDesk();
  pins.broken = true;
  for (let n = 0; n < 6; n += 1) await expect(guess('0000')).rejects.toThrow('no hash');
  pins.broken = false;
  expect(mailboxes.wrongPins(id('101'))).toEqual([]);
  expect(await guess(RIGHT)).toBe(true);
});
