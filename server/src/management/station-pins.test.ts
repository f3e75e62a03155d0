import {
  GUESSING_WINDOW_MS,
  KIOSK_UNLOCKED_MS,
  organizationId,
  terminalId,
  WRONG_PER_TERMINAL,
  WRONG_PINS_PER_ORGANIZATION,
} from '@perch/shared';
import { beforeEach, expect, test } from 'vitest';
import { seededChance } from '../world/seeded-chance.ts';
import { VirtualClock } from '../world/virtual-clock.ts';
import { FakeExchanges } from './support/fake-exchanges.ts';
import { FakeRepositories } from './support/fake-repositories.ts';
import { ada, administrator, desk, organization } from './support/stored.ts';
import type { Refusal } from './refusal.ts';
import { StationPins } from './station-pins.ts';

const PIN = '4711';
const WRONG = '4712';

let clock: VirtualClock;
let repositories: FakeRepositories;
let exchanges: FakeExchanges;
let pins: StationPins;

const station = { organization: organization.id, terminal: desk.terminal, owner: desk, token: 'one' };
const otherBrowser = { ...station, token: 'two' };

async function opened(): Promise<StationPins> {
  const chance = seededChance('station-pins');
  exchanges = new FakeExchanges(repositories.book, chance);
  await exchanges.start(organization);
  const ports = { repository: repositories.organizations, exchanges, world: { clock, chance } };
  const begun = new StationPins(ports);
  await begun.begin(organization.id);
  return begun;
}

beforeEach(async () => {
  clock = new VirtualClock(Date.UTC(2026, 0, 1));
  repositories = new FakeRepositories();
  await repositories.organizations.create(organization, administrator);
  pins = await opened();
});

const elsewhere = { ...organization, id: organizationId('p'), domain: 'elsewhere.test' };

const at = (n: number) => ({ ...station, terminal: terminalId(`station-${n}`) });
const said = (answer: Refusal | undefined): string => answer?.code ?? 'done';
const tried = async (pin: string, browser = station): Promise<string> =>
  said(await pins.unlock(browser, pin));

async function lockOut(): Promise<void> {
  for (let n = 0; n < WRONG_PER_TERMINAL; n += 1) expect(await tried(WRONG)).toBe('wrong-pin');
}

test('without a PIN no station is locked; with one each is, also after a start', async () => {
  expect([pins.isSet(organization.id), pins.isLocked(station)]).toEqual([false, false]);
  await pins.set(organization.id, PIN);
  expect(exchanges.only.told).toEqual(['kiosk mode on']);
  expect(await repositories.organizations.stationPin(organization.id)).toMatch(/^\$argon2id\$/);
  pins = await opened();
  expect([pins.isSet(organization.id), pins.isLocked(station)]).toEqual([true, true]);
  expect(exchanges.only.told).toEqual(['kiosk mode on']);
  await pins.remove(organization.id);
  expect([pins.isSet(organization.id), pins.isLocked(station)]).toEqual([false, false]);
  expect(exchanges.only.told.at(-1)).toBe('kiosk mode off');
});

test("a person's own phone is never locked, nor a station of another organization", async () => {
  await pins.set(organization.id, PIN);
  expect(pins.isLocked({ ...station, owner: ada })).toBe(false);
  expect(pins.isLocked({ ...station, organization: organizationId('p') })).toBe(false);
});

test('a PIN that is easily guessed is none', async () => {
  expect(said(await pins.set(organization.id, '1234'))).toBe('weak-code');
  expect(pins.isSet(organization.id)).toBe(false);
});

test('the PIN opens the station to the browser that has given it, for its time or until it locks again', async () => {
  await pins.set(organization.id, PIN);
  expect(await tried(WRONG)).toBe('wrong-pin');
  expect(pins.isLocked(station)).toBe(true);
  expect(await tried(PIN)).toBe('done');
  expect([pins.isLocked(station), pins.isLocked(otherBrowser)]).toEqual([false, true]);
  await clock.advance(KIOSK_UNLOCKED_MS - 1);
  expect(pins.isLocked(station)).toBe(false);
  await clock.advance(1);
  expect(pins.isLocked(station)).toBe(true);
  expect(await tried(PIN)).toBe('done');
  pins.lock(station);
  expect(pins.isLocked(station)).toBe(true);
});

test('too many wrong ones, also all at once, keep even the right one out of that station for a while, and of no other', async () => {
  await pins.set(organization.id, PIN);
  const answers = await Promise.all(Array.from({ length: WRONG_PER_TERMINAL + 3 }, () => tried(WRONG)));
  expect(answers.filter((answer) => answer === 'wrong-pin')).toHaveLength(WRONG_PER_TERMINAL);
  expect(await tried(PIN)).toBe('station-pin-locked');
  expect(await tried(PIN, at(1))).toBe('done');
  await clock.advance(GUESSING_WINDOW_MS);
  expect(await tried(PIN)).toBe('done');
});

test('the second lock is twice as long as the first, also where the server was started anew between', async () => {
  await pins.set(organization.id, PIN);
  await lockOut();
  pins = await opened();
  expect(await tried(PIN)).toBe('station-pin-locked');
  await clock.advance(GUESSING_WINDOW_MS);
  await lockOut();
  await clock.advance(GUESSING_WINDOW_MS);
  expect(await tried(PIN)).toBe('station-pin-locked');
  await clock.advance(GUESSING_WINDOW_MS);
  expect(await tried(PIN)).toBe('done');
});

test('wrong ones at many stations, few at each, lock all stations of the organization, and of no other', async () => {
  await exchanges.start(elsewhere);
  const theirs = { ...at(1), organization: elsewhere.id };
  await pins.set(elsewhere.id, PIN);
  await pins.set(organization.id, PIN);
  const stations = Array.from({ length: WRONG_PINS_PER_ORGANIZATION / 2 }, (_, n) => at(n));
  for (const one of stations) expect(await tried(WRONG, one)).toBe('wrong-pin');
  const answers = await Promise.all([...stations, ...stations].map((one) => tried(WRONG, one)));
  expect(answers.filter((answer) => answer === 'wrong-pin')).toHaveLength(stations.length);
  expect([await tried(PIN, at(99)), await tried(PIN, theirs)]).toEqual(['station-pin-locked', 'done']);
  const until = clock.now() + GUESSING_WINDOW_MS;
  expect(pins.locks(organization.id)).toEqual({ stations: [], everywhere: until });
  expect(exchanges.of(organization.id).pinLocks).toEqual({ stations: [], everywhere: until });
  pins = await opened();
  expect(await tried(PIN, at(99))).toBe('station-pin-locked');
  await clock.advance(GUESSING_WINDOW_MS);
  expect(await tried(PIN, at(99))).toBe('done');
});

test('the organization is told which station is locked, until when, also after a start, and when it is forgiven', async () => {
  await pins.set(organization.id, PIN);
  await lockOut();
  const locks = {
    stations: [{ terminal: desk.terminal, until: clock.now() + GUESSING_WINDOW_MS }],
    everywhere: null,
  };
  expect(exchanges.only.pinLocks).toEqual(locks);
  pins = await opened();
  expect([exchanges.only.pinLocks, pins.locks(organization.id)]).toEqual([locks, locks]);
  await pins.forgive(organization.id);
  expect(exchanges.only.pinLocks).toEqual({ stations: [], everywhere: null });
  expect(await tried(PIN)).toBe('done');
  pins = await opened();
  expect(await tried(PIN)).toBe('done');
});

test('a wrong one that was checked while they were forgiven is forgiven with them', async () => {
  await pins.set(organization.id, PIN);
  for (let n = 1; n < WRONG_PER_TERMINAL; n += 1) await tried(WRONG);
  const [answer] = await Promise.all([tried(WRONG), pins.forgive(organization.id)]);
  expect([answer, await tried(PIN), pins.locks(organization.id).stations]).toEqual(['wrong-pin', 'done', []]);
  expect(await repositories.organizations.pinGuesses(organization.id)).toBeNull();
});

test('a wrong one that cannot be stored counts all the same, and what is told is that it could not', async () => {
  await pins.set(organization.id, PIN);
  repositories.trouble = new Error('the disk is full');
  for (let n = 0; n < WRONG_PER_TERMINAL; n += 1)
    await expect(tried(WRONG)).rejects.toThrow('the disk is full');
  expect(await tried(PIN)).toBe('station-pin-locked');
});

test('a station that is an ordinary desk is not locked, and takes no PIN', async () => {
  await pins.set(organization.id, PIN);
  const ordinary = { ...station, owner: { ...desk, kiosk: false } };
  expect([pins.isLocked(ordinary), await tried(PIN, ordinary)]).toEqual([false, 'not-found']);
});

test("nobody can try PINs of the stations at a person's phone", async () => {
  await pins.set(organization.id, PIN);
  expect(await tried(PIN, { ...station, owner: ada })).toBe('not-found');
});

test('another PIN locks what the one before has opened, and forgives the wrong ones', async () => {
  await pins.set(organization.id, PIN);
  await tried(PIN);
  await lockOut();
  await pins.set(organization.id, WRONG);
  expect(exchanges.only.pinLocks.stations).toEqual([]);
  expect(pins.isLocked(station)).toBe(true);
  expect([await tried(PIN), await tried(WRONG)]).toEqual(['wrong-pin', 'done']);
});

test('a PIN that was replaced or removed while it was checked opens nothing', async () => {
  await pins.set(organization.id, PIN);
  const [answer] = await Promise.all([tried(PIN), pins.remove(organization.id)]);
  expect([answer, await tried(PIN)]).toEqual(['wrong-pin', 'not-found']);
  await pins.set(organization.id, PIN);
  expect(pins.isLocked(station)).toBe(true);
});

test('wrong PINs are counted although a right one comes between, and until each has been there for its time', async () => {
  await pins.set(organization.id, PIN);
  for (let n = 1; n < WRONG_PER_TERMINAL; n += 1) await tried(WRONG);
  expect([await tried(PIN), await tried(WRONG), await tried(PIN)]).toEqual([
    'done',
    'wrong-pin',
    'station-pin-locked',
  ]);
});

test('the PIN of one organization locks and forgives nothing in another', async () => {
  await exchanges.start(elsewhere);
  const theirs = { ...station, organization: elsewhere.id, terminal: terminalId('theirs'), token: 'theirs' };
  await pins.set(elsewhere.id, PIN);
  await pins.set(organization.id, PIN);
  expect(await tried(PIN, theirs)).toBe('done');
  for (let n = 0; n < WRONG_PER_TERMINAL; n += 1) await tried(WRONG, theirs);
  await pins.set(organization.id, WRONG);
  expect(pins.isLocked(theirs)).toBe(false);
  expect(await tried(PIN, theirs)).toBe('station-pin-locked');
});
