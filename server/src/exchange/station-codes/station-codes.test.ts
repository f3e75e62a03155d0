import type { CallView } from '@perch/shared';
import { extensionId, extensionNumber } from '@perch/shared';
import { expect, test } from 'vitest';
import { seededChance } from '../../world/seeded-chance.ts';
import { codeOf, terminal, TestHouse } from '../support/test-desk.ts';
import { StationCodes } from './station-codes.ts';

const id = (number: string) => extensionId(`id-${number}`);

async function open() {
  const house = new TestHouse();
  const desk = await house.desk();
  const calls: Pick<CallView, 'state' | 'here'>[] = [];
  const codes = new StationCodes({
    directory: house.directory,
    where: desk,
    view: { calls: (at) => (at === terminal('201') ? (calls as CallView[]) : []) },
    clock: house.clock,
    chance: seededChance('station codes'),
  });
  /** What the station shows next. */
  const shown = (number = '201') => {
    const issued = codes.issue(terminal(number));
    if (issued === 'not-allowed') throw new Error('nobody can sign in there');
    return issued;
  };
  const dial = (number: string, at: string) => desk.verifyAndMove(terminal(at), number, codeOf(number));
  const guest = (number = '201') => desk.guestOn(terminal(number))?.extension;
  const signIn = (number: string, code: string) => codes.signIn(terminal(number), code);
  return { house, desk, calls, codes, shown, dial, guest, signIn };
}

test('with the code of a station, somebody moves there from their own phone, as by dialling', async () => {
  const { codes, shown, signIn, house, desk, dial } = await open();
  await dial('101', '202');
  const { link, typed, validMs } = shown();
  expect(validMs).toBe(60_000);
  expect(codes.lookUp(terminal('101'), link)).toEqual({
    station: { number: '201', name: 'Name of 201' },
    agent: { number: '101', name: 'Name of 101' },
    ...{ place: null, guest: null },
  });
  expect(await signIn('101', typed)).toBe('done');
  expect(desk.stayOf(id('101'))).toMatchObject({ base: id('201'), by: 'web' });
  expect(desk.recentChange(terminal('201'))).toMatchObject({ canUndo: true, byManagement: false });
  const [dialled, confirmed] = house.store.written;
  const { at: _, endings: __, ...rest } = dialled ?? {};
  expect(confirmed).toMatchObject({
    ...{ ...rest, way: 'web', terminal: terminal('201') },
    endings: [{ virtualization: { virtual: id('101'), base: id('202') }, endedBy: 'moved-on' }],
  });
});

test('a code is used once', async () => {
  const { shown, signIn, guest } = await open();
  const { link, typed } = shown();
  expect(await Promise.all([signIn('101', link), signIn('102', typed)])).toEqual(['done', 'used']);
  expect(guest()).toBe(id('101'));
  expect(await signIn('102', link)).toBe('used');
});

test('somebody whom the answer has not reached asks again: it is done while they are there, and nothing is done twice', async () => {
  const { house, shown, signIn, desk, guest } = await open();
  const { link, typed } = shown();
  await signIn('101', link);
  expect([await signIn('101', link), await signIn('101', typed)]).toEqual(['done', 'done']);
  expect([guest(), house.store.written.length]).toEqual([id('101'), 1]);
  await desk.returnHome(terminal('201'), 'web');
  expect([await signIn('101', link), guest()]).toEqual(['used', undefined]);
});

test('a code that has expired, or was replaced by a newer one, or is shown no more, signs nobody in', async () => {
  const { house, codes, shown, signIn, guest } = await open();
  const first = shown();
  const second = shown();
  expect(await signIn('101', first.link)).toBe('gone');
  codes.withdraw(terminal('201'));
  expect(await signIn('101', second.typed)).toBe('gone');
  const third = shown();
  await house.clock.advance(60_000);
  expect(await signIn('101', third.link)).toBe('expired');
  expect(codes.lookUp(terminal('101'), third.link)).toBe('expired');
  expect(await signIn('101', 'WDJBMJHT')).toBe('unknown-code');
  expect(guest()).toBeUndefined();
});

test('a code that was shown before somebody came is worth nothing while they are there', async () => {
  const { shown, signIn, dial, guest, codes } = await open();
  const { link } = shown();
  await dial('102', '201');
  expect(await signIn('101', link)).toBe('overtaken');
  expect(codes.lookUp(terminal('101'), link)).toBe('overtaken');
  expect(guest()).toBe(id('102'));
});

test('somebody who comes while the confirmation waits for its turn stays, and nobody is counted as having guessed', async () => {
  const { house, shown, signIn, dial, guest, desk } = await open();
  const { link } = shown();
  const written = house.store.holdUp();
  const dialled = dial('102', '201');
  await house.clock.advance(0);
  const confirmed = signIn('101', link);
  written();
  await dialled;
  expect(await confirmed).toBe('overtaken');
  expect(guest()).toBe(id('102'));
  expect(house.store.written.at(-1)).toMatchObject({ asked: '101', result: 'dropped', way: 'web' });
  expect(desk.guessing({ id: id('101'), terminal: terminal('101') }).wrongAt).toEqual([]);
});

test('a number that becomes another one’s while the confirmation waits for its turn moves neither of them', async () => {
  const { house, shown, signIn, dial, desk } = await open();
  const { link } = shown();
  const written = house.store.holdUp();
  const dialled = dial('103', '202');
  await house.clock.advance(0);
  const confirmed = signIn('101', link);
  house.change('101', { number: extensionNumber('150') });
  house.change('102', { number: extensionNumber('101') });
  written();
  await dialled;
  expect(await confirmed).not.toBe('done');
  for (const number of ['101', '102']) expect(desk.stayOf(id(number))).toBeUndefined();
  expect(desk.guessing({ id: id('102'), terminal: terminal('102') }).wrongAt).toEqual([]);
  expect(await signIn('101', link)).toBe('done');
  expect(desk.stayOf(id('101'))).toMatchObject({ base: id('201') });
});

test.for(['agent', 'station'] as const)('with a suspended %s nobody is moved', async (who) => {
  const { house, shown, signIn, guest } = await open();
  const { link } = shown();
  house.change(who === 'agent' ? '101' : '201', { suspended: true });
  expect(await signIn('101', link)).toBe(who === 'agent' ? 'not-own-phone' : 'not-allowed');
  expect(guest()).toBeUndefined();
});

test('a code that was shown while a guest was there is worth nothing once the same guest has come again', async () => {
  const { house, desk, shown, signIn, dial } = await open();
  await dial('102', '201');
  const { link } = shown();
  await house.clock.advance(1_000);
  await desk.returnHome(terminal('201'), 'dialled');
  await dial('102', '201');
  expect(await signIn('101', link)).toBe('overtaken');
});

test('a guest is named to the one who would take their place', async () => {
  const { codes, shown, signIn, dial, guest } = await open();
  await dial('102', '201');
  const { typed } = shown();
  expect(codes.lookUp(terminal('101'), typed)).toMatchObject({ guest: { number: '102' } });
  expect(await signIn('101', typed)).toBe('done');
  expect(guest()).toBe(id('101'));
});

test('only the owner of a personal phone signs in from it, and not while a guest is on it', async () => {
  const { shown, signIn, dial, guest } = await open();
  const { link } = shown();
  expect(await signIn('202', link)).toBe('not-own-phone');
  await dial('102', '101');
  expect(await signIn('101', link)).toBe('not-own-phone');
  expect(guest()).toBeUndefined();
});

test('an extension that cannot be moved by a code is not moved by this', async () => {
  const { house, shown, signIn, guest } = await open();
  const { link } = shown();
  house.change('101', { hasSecretCode: false });
  expect(await signIn('101', link)).toBe('no-secret-code');
  expect(guest()).toBeUndefined();
});

test('where nobody can be moved, no code is shown, and one from before moves nobody', async () => {
  const { house, codes, shown, signIn } = await open();
  expect(codes.issue(terminal('203'))).toBe('not-allowed');
  const { link } = shown();
  house.change('201', { allowVirtualization: false });
  expect(await signIn('101', link)).toBe('not-allowed');
});

test('locks against guessing hold here, too, and the code is left', async () => {
  const { shown, signIn, desk, guest } = await open();
  for (let count = 0; count < 5; count++) await desk.verifyAndMove(terminal('202'), '101', '0000');
  const { link } = shown();
  // However often it is tried: nothing of this is a guess at the station.
  for (let count = 0; count < 12; count++) expect(await signIn('101', link)).toBe('extension-locked');
  expect(desk.guessing({ id: id('201'), terminal: terminal('201') }).terminalLockedUntil).toBeNull();
  await desk.liftLock(id('101'), 'boss');
  expect(await signIn('101', link)).toBe('done');
  expect(guest()).toBe(id('101'));
});

test('nobody moves onto a station that is locked', async () => {
  const { shown, signIn, desk } = await open();
  for (let count = 0; count < 10; count++)
    await desk.verifyAndMove(terminal('201'), `10${2 + (count % 3)}`, '0000');
  const { link } = shown();
  expect(await signIn('101', link)).toBe('station-locked');
});

test.for([
  ['talking', 'here', 'station-busy'],
  ['calling', 'here', 'station-busy'],
  ['talking', 'away', 'station-busy'],
  ['ringing', 'here', 'done'],
  ['talking', 'elsewhere', 'done'],
  ['talking', 'left', 'done'],
] as const)('with a call that is %s %s at the station: %s', async ([state, here, outcome]) => {
  const { calls, shown, signIn } = await open();
  const { link } = shown();
  calls.push({ state, here });
  expect(await signIn('101', link)).toBe(outcome);
});

test('during an emergency call at the station nobody is moved, nor once it is over', async () => {
  const { shown, signIn, desk, guest } = await open();
  const { link } = shown();
  const ended = desk.emergencyCallOn(terminal('201'));
  expect(await signIn('101', link)).toBe('emergency-call');
  ended();
  await desk.settled();
  expect(guest()).toBeUndefined();
  expect(await signIn('101', link)).toBe('done');
});

test('a code that the station stops showing while the confirmation waits for its turn moves nobody', async () => {
  const { house, codes, shown, signIn, dial, guest } = await open();
  const { link } = shown();
  const written = house.store.holdUp();
  const dialled = dial('103', '202');
  await house.clock.advance(0);
  const confirmed = signIn('101', link);
  codes.withdraw(terminal('201'));
  written();
  await dialled;
  expect(await confirmed).toBe('gone');
  expect(guest()).toBeUndefined();
});

test('where the move cannot be stored, the code can still be used', async () => {
  const { house, shown, signIn, guest } = await open();
  const { link } = shown();
  house.store.broken = true;
  await expect(signIn('101', link)).rejects.toThrow('disk');
  house.store.broken = false;
  expect(await signIn('101', link)).toBe('done');
  expect(guest()).toBe(id('101'));
});
