import { LOCKS_FORGOTTEN_MS, WRONG_PER_EXTENSION } from '@perch/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  NO_PIN_GUESSES,
  type PinGuesses,
  pinsLockedUntil,
  withWrongPin,
  wrongPinsLeft,
} from '../../network/machines/pin-guesses.ts';
import { terminal } from '../support/test-desk.ts';
import { Mailboxes } from './mailboxes.ts';
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
  expect(mailboxes.pinGuesses(id('101'))).toEqual(NO_PIN_GUESSES);
});

test('five wrong ones in a day: for 15 minutes after the last no PIN is right', async () => {
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

test('wrong ones that are a day old no longer count', async () => {
  const { guess, guessWrong, clock } = await openDesk();
  await guessWrong(4);
  await clock.advance(LOCKS_FORGOTTEN_MS);
  await guessWrong(4);
  expect(await guess(RIGHT)).toBe(true);
});

test('each lock that follows another within a day is twice as long, also where the server was started anew between', async () => {
  const { clock, ports } = await openDesk();
  const minutes: number[] = [];
  for (let lock = 0; lock < 4; lock += 1) {
    const pinDesk = new PinDesk({ ...ports, mailboxes: await Mailboxes.open(ports) });
    const verify = (pin: string) => pinDesk.verify(id('101'), pin);
    for (let n = 0; n < WRONG_PER_EXTENSION; n += 1) await verify('0000');
    const from = clock.now();
    while (!(await verify(RIGHT))) await clock.advance(60_000);
    minutes.push((clock.now() - from) / 60_000);
  }
  expect(minutes).toEqual([15, 30, 60, 120]);
});

test('an old PIN that is replaced while it is verified is wrong, and one that was wrong counts for nothing', async () => {
  const { guess, pins, pinDesk, mailboxes } = await openDesk();
  const verified = pins.holdUp();
  const [right, wrong] = [guess(RIGHT), guess('0000')];
  await pinDesk.replaced(id('101'));
  verified();
  expect([await right, await wrong]).toEqual([false, false]);
  expect(mailboxes.pinGuesses(id('101'))).toEqual(NO_PIN_GUESSES);
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
  expect(mailboxes.pinGuesses(id('101')).wrong).toHaveLength(3);
});

test('whatever the reason for the refusal, the hash is made and what is counted is written', async () => {
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
  expect((await store.load()).mailboxes).toMatchObject([
    { pinGuesses: { wrong: [{ at: expect.any(Number) }] } },
  ]);
});

test('it is still locked after a restart', async () => {
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
  expect((await store.load()).mailboxes[0]?.pinGuesses.locks).toBe(1);
  expect(journal.length).toBeGreaterThan(0);
});

test('of two at once, the second of which cannot be stored, both count', async () => {
  const { guess, guessWrong, store } = await openDesk();
  const put = store.putMailbox.bind(store);
  let writes = 0;
  store.putMailbox = async (mailbox) => {
    writes += 1;
    if (writes === 2) throw new Error('the disk is broken');
    await put(mailbox);
  };
  await Promise.all([guess('0000'), guess('0001')]);
  await guessWrong(3);
  expect(await guess(RIGHT)).toBe(false);
});

test('a PIN that could not be verified does not count as tried', async () => {
  const { guess, pins, mailboxes } = await openDesk();
  pins.broken = true;
  for (let n = 0; n < 6; n += 1) await expect(guess('0000')).rejects.toThrow('no hash');
  pins.broken = false;
  expect(mailboxes.pinGuesses(id('101'))).toEqual(NO_PIN_GUESSES);
  expect(await guess(RIGHT)).toBe(true);
});

type Step =
  | { readonly kind: 'guess'; readonly rights: readonly boolean[] }
  | { readonly kind: 'wait'; readonly minutes: number }
  | { readonly kind: 'restart' | 'replace' };
const guesses = fc.record({
  kind: fc.constant<'guess'>('guess'),
  rights: fc.array(fc.boolean(), { maxLength: 7 }),
});
const waits = fc.record({ kind: fc.constant<'wait'>('wait'), minutes: fc.integer({ min: 1, max: 1_500 }) });
const others = fc.record({ kind: fc.constantFrom<'restart' | 'replace'>('restart', 'replace') });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: guesses },
  { weight: 2, arbitrary: waits },
  { weight: 1, arbitrary: others },
);

test('whatever is guessed, one by one or at once, over restarts: as many are let in as if one came after the other', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { ports, clock } = await openDesk();
      const open = async () => new PinDesk({ ...ports, mailboxes: await Mailboxes.open(ports) });
      let desk = await open();
      let counted: PinGuesses = NO_PIN_GUESSES;
      for (const each of steps) {
        if (each.kind === 'wait') await clock.advance(each.minutes * 60_000);
        if (each.kind === 'restart') desk = await open();
        if (each.kind === 'replace') {
          await desk.replaced(id('101'));
          counted = NO_PIN_GUESSES;
        }
        if (each.kind !== 'guess') continue;
        const places = wrongPinsLeft(counted, WRONG_PER_EXTENSION, clock.now());
        const answers = each.rights.map((isRight) => desk.verify(id('101'), isRight ? RIGHT : '0000'));
        expect(await Promise.all(answers)).toEqual(each.rights.map((isRight, at) => isRight && at < places));
        for (const isRight of each.rights.slice(0, places))
          if (!isRight) counted = withWrongPin(counted, WRONG_PER_EXTENSION, { at: clock.now() });
        const isLocked = pinsLockedUntil(counted, clock.now()) !== undefined;
        expect(await desk.verify(id('101'), RIGHT)).toBe(!isLocked);
      }
    }),
    { numRuns: 50 },
  );
});
