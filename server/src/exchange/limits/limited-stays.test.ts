import { NO_STAY_LIMITS } from '@perch/shared';
import { expect, test } from 'vitest';
import { codeOf, terminal } from '../support/test-desk.ts';
import { LimitedHouse, limits, station } from './support/limited-house.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

async function open(rules = limits({})): Promise<LimitedHouse> {
  const house = await new LimitedHouse().open();
  house.stays.follow(rules);
  await house.moveIn();
  return house;
}

test('without limits nothing ends, and nothing waits', async () => {
  const house = await open();
  expect(house.clock.pending).toBe(0);
  await house.clock.advance(100 * HOUR);
  expect(house.guest).toBe('id-101');
});

test('the longest stay: warned a quarter of an hour before, then sent home, with the reason in the record and at the desk', async () => {
  const house = await open(limits({ longestMinutes: 60 }));
  const since = house.clock.now();
  await house.clock.advance(45 * MINUTE - 1);
  expect(house.stays.endAt(station)).toBeNull();
  await house.clock.advance(1);
  expect(house.stays.endAt(station)).toEqual({
    ...{ limit: 'longest', at: since + HOUR, canExtend: true, waitsForCall: false },
  });
  expect(house.happened).toEqual([{ kind: 'stay-end-changed', terminal: station }]);
  await house.clock.advance(15 * MINUTE);
  expect(house.guest).toBeUndefined();
  expect(house.store.written.at(-1)).toMatchObject({
    ...{ action: 'return', way: 'limit', who: null, terminal: station, extension: 'id-101' },
    endings: [{ endedBy: 'longest' }],
  });
  expect(house.where.recentChange(station)).toMatchObject({ limit: 'longest', canUndo: false });
  expect(house.where.recentChange(terminal('101'))).toMatchObject({ limit: 'longest', canUndo: false });
  expect(house.stays.endedAt(station)).toEqual({ limit: 'longest', at: since + HOUR });
  await house.moveIn('102');
  expect(house.stays.endedAt(station)).toBeNull();
  expect(house.guest).toBe('id-102');
});

test('where somebody else sits at the guest’s own phone, nothing is shown there', async () => {
  const house = await open(limits({ longestMinutes: 60 }));
  await house.clock.advance(MINUTE);
  await house.where.verifyAndMove(terminal('101'), '103', codeOf('103'));
  await house.clock.advance(59 * MINUTE);
  expect(house.guest).toBeUndefined();
  expect(house.where.recentChange(terminal('101'))?.limit).toBeUndefined();
});

test('a live call is waited for, also at the end of the day', async () => {
  const house = await open();
  // The clock stands at 00:16:40 of a day.
  house.stays.follow(limits({ timeOfDay: '01:00' }));
  house.call(station, true);
  await house.clock.advance(HOUR);
  expect(house.stays.endAt(station)).toMatchObject({ limit: 'time-of-day', waitsForCall: true });
  expect(house.guest).toBe('id-101');
  house.call(station, false);
  await house.clock.advance(0);
  expect(house.guest).toBeUndefined();
  expect(house.stays.endAt(station)).toBeNull();
});

test('a call whose page is just being loaded anew is waited for; one that goes on elsewhere is not', async () => {
  const house = await open(limits({ longestMinutes: 60 }));
  house.call(station, true, 'away');
  await house.clock.advance(HOUR);
  expect(house.stays.endAt(station)).toMatchObject({ waitsForCall: true });
  house.call(station, true);
  await house.clock.advance(0);
  expect(house.guest).toBe('id-101');
  house.call(station, true, 'left');
  await house.clock.advance(0);
  expect(house.guest).toBeUndefined();
});

test('idle: every call begins it anew; a call of somebody else does not', async () => {
  const house = await open(limits({ idleMinutes: 30 }));
  await house.clock.advance(14 * MINUTE);
  house.call(station, true);
  await house.clock.advance(10 * HOUR);
  house.call(station, false);
  house.call(terminal('202'), true);
  await house.clock.advance(15 * MINUTE);
  expect(house.stays.endAt(station)?.limit).toBe('idle');
  house.call(station, true);
  expect(house.stays.endAt(station)).toBeNull();
  house.call(station, false);
  await house.clock.advance(30 * MINUTE);
  expect(house.guest).toBeUndefined();
});

test('extended by the guest, once; and only when warned', async () => {
  const house = await open(limits({ longestMinutes: 60 }));
  expect(await house.stays.extend(station)).toBe('nothing-to-do');
  expect(await house.stays.extend(terminal('202'))).toBe('nothing-to-do');
  await house.clock.advance(50 * MINUTE);
  expect(await house.stays.extend(station)).toBe('done');
  expect(house.stays.endAt(station)).toBeNull();
  await house.clock.advance(55 * MINUTE);
  expect(house.stays.endAt(station)).toMatchObject({ canExtend: false });
  expect(await house.stays.extend(station)).toBe('nothing-to-do');
  await house.clock.advance(15 * MINUTE);
  expect(house.guest).toBeUndefined();
});

test('an extension that cannot be stored is none', async () => {
  const house = await open(limits({ longestMinutes: 60 }));
  await house.clock.advance(50 * MINUTE);
  house.terms.broken = true;
  await expect(house.stays.extend(station)).rejects.toThrow('the disk is full');
  expect(house.stays.endAt(station)?.canExtend).toBe(true);
});

test('a warning is given also where it cannot be stored', async () => {
  const house = await open(limits({ longestMinutes: 60 }));
  house.terms.broken = true;
  await house.clock.advance(45 * MINUTE);
  expect(house.stays.endAt(station)).not.toBeNull();
  expect(house.happened.map(({ kind }) => kind)).toContain('failed');
});

test('a stay that could not be ended is ended later', async () => {
  const house = await open(limits({ longestMinutes: 60 }));
  house.store.broken = true;
  await house.clock.advance(HOUR);
  expect(house.guest).toBe('id-101');
  house.store.broken = false;
  await house.clock.advance(10 * MINUTE);
  expect(house.guest).toBeUndefined();
});

test('a restart goes on where it was: warned, extended, idle since the last call', async () => {
  const rules = limits({ longestMinutes: 60 });
  const house = await open(rules);
  await house.clock.advance(50 * MINUTE);
  const shown = house.stays.endAt(station);
  await house.reopen(rules);
  expect(house.stays.endAt(station)).toEqual(shown);
  await house.stays.extend(station);
  await house.reopen(rules);
  expect(house.stays.endAt(station)).toBeNull();
  await house.clock.advance(70 * MINUTE);
  expect(house.guest).toBeUndefined();

  const idle = limits({ idleMinutes: 30 });
  const other = await open(idle);
  const now = other.clock.now();
  other.terms.called('id-101' as never, station, now + MINUTE, now + 10 * MINUTE);
  await other.clock.advance(12 * MINUTE);
  await other.reopen(idle);
  await other.clock.advance(12 * MINUTE);
  expect(other.stays.endAt(station)).toBeNull();
  await other.clock.advance(MINUTE);
  expect(other.stays.endAt(station)).toMatchObject({ at: now + 40 * MINUTE });
});

test('what happens after a restart, before the rules are known, takes no warning back', async () => {
  const rules = limits({ idleMinutes: 60, longestMinutes: 60 });
  const house = await open(rules);
  await house.clock.advance(50 * MINUTE);
  const shown = house.stays.endAt(station);
  const kept = await house.terms.load();
  expect(kept).toMatchObject([{ warnedAt: house.clock.now() - 5 * MINUTE }]);
  house.stays.close();
  await house.open();
  house.call(station, true);
  house.stays.extensionChanged('id-201' as never);
  expect(await house.stays.extend(station)).toBe('nothing-to-do');
  await house.clock.advance(0);
  expect(await house.terms.load()).toEqual(kept);
  house.stays.follow(rules);
  await house.clock.advance(0);
  expect(await house.terms.load()).toEqual(kept);
  expect(house.stays.endAt(station)).toEqual(shown);
});

test('a call that is seen before the rules are known counts as use', async () => {
  const rules = limits({ idleMinutes: 30 });
  const house = await open(rules);
  await house.clock.advance(10 * MINUTE);
  house.stays.close();
  await house.open();
  house.call(station, true);
  house.call(station, false);
  house.stays.follow(rules);
  await house.clock.advance(14 * MINUTE);
  expect(house.stays.endAt(station)).toBeNull();
  await house.clock.advance(MINUTE);
  expect(house.stays.endAt(station)).toMatchObject({ limit: 'idle', at: house.clock.now() + 15 * MINUTE });
});

test('after a long time without a server, the guest is warned first', async () => {
  const rules = limits({ longestMinutes: 60 });
  const house = await open(rules);
  house.stays.close();
  await house.clock.advance(5 * HOUR);
  await house.reopen(rules);
  expect(house.stays.endAt(station)).toMatchObject({ at: house.clock.now() + 15 * MINUTE });
  await house.clock.advance(15 * MINUTE);
  expect(house.guest).toBeUndefined();
});

test('the term of an earlier stay does not count for the next one', async () => {
  const rules = limits({ longestMinutes: 60 });
  const house = await open(rules);
  await house.clock.advance(50 * MINUTE);
  await house.stays.extend(station);
  await house.where.returnHome(station, 'web');
  await house.clock.advance(MINUTE);
  await house.moveIn();
  await house.clock.advance(50 * MINUTE);
  await house.reopen(rules);
  expect(house.stays.endAt(station)).toMatchObject({ canExtend: true });
});

test('a desk’s own limit counts where it is narrower, from the moment it is set', async () => {
  const house = await open(limits({ longestMinutes: 600 }));
  await house.clock.advance(2 * HOUR);
  house.change('201', { stayLimits: { ...NO_STAY_LIMITS, longestMinutes: 60 } });
  house.stays.extensionChanged('id-201' as never);
  expect(house.stays.endAt(station)).toMatchObject({ at: house.clock.now() + 15 * MINUTE });
  house.change('201', { stayLimits: null });
  house.stays.extensionChanged('id-201' as never);
  expect(house.stays.endAt(station)).toBeNull();
});

test('an emergency call at the guest’s own phone is waited for', async () => {
  const house = await open(limits({ longestMinutes: 60 }));
  const over = house.where.emergencyCallOn(terminal('101'));
  await house.clock.advance(2 * HOUR);
  expect(house.guest).toBe('id-101');
  over();
  await house.clock.advance(0);
  expect(house.guest).toBeUndefined();
  expect(house.store.written.filter(({ way }) => way === 'limit')).toHaveLength(1);
});

test('a call that begins while the end waits for its turn is waited for', async () => {
  const house = await open(limits({ longestMinutes: 60 }));
  const release = house.where.emergencyCallOn(terminal('101'));
  await house.clock.advance(HOUR);
  house.call(station, true);
  release();
  await house.clock.advance(MINUTE);
  expect(house.guest).toBe('id-101');
  house.call(station, false);
  await house.clock.advance(10 * MINUTE);
  expect(house.guest).toBeUndefined();
});

test('a guest who has moved on is not sent home from where they went', async () => {
  const house = await open(limits({ longestMinutes: 60 }));
  await house.clock.advance(50 * MINUTE);
  await house.where.verifyAndMove(terminal('202'), '101', codeOf('101'));
  await house.clock.advance(20 * MINUTE);
  expect(house.where.guestOn(terminal('202'))?.extension).toBe('id-101');
});

test('a guest who asks to stay on as their time runs out stays, however long that takes to be stored', async () => {
  const house = await open(limits({ longestMinutes: 60 }));
  await house.clock.advance(HOUR - 1);
  const stored = house.terms.holdUp();
  const asked = house.stays.extend(station);
  await house.clock.advance(20 * MINUTE);
  expect(house.guest).toBe('id-101');
  stored();
  expect(await asked).toBe('done');
  await house.clock.advance(39 * MINUTE);
  expect(house.guest).toBe('id-101');
});

test('where that cannot be stored, their time is over', async () => {
  const house = await open(limits({ longestMinutes: 60 }));
  await house.clock.advance(HOUR - 1);
  const stored = house.terms.holdUp();
  const asked = house.stays.extend(station).catch(String);
  house.terms.broken = true;
  await house.clock.advance(1);
  stored();
  expect(await asked).toContain('the disk is full');
  await house.clock.advance(0);
  expect(house.guest).toBeUndefined();
});

test('a guest who is being sent home is not told that they may stay', async () => {
  const house = await open(limits({ longestMinutes: 60 }));
  const stored = house.store.holdUp();
  await house.clock.advance(HOUR);
  // Too late to be waited for; with it they could still ask to stay on.
  house.call(station, true);
  const asked = house.stays.extend(station);
  stored();
  expect(await asked).toBe('nothing-to-do');
  await house.clock.advance(0);
  expect(house.guest).toBeUndefined();
});

test('an end that has waited for an emergency call comes too late for a guest who asks to stay on', async () => {
  const house = await open(limits({ longestMinutes: 60 }));
  const over = house.where.emergencyCallOn(terminal('101'));
  await house.clock.advance(HOUR);
  house.call(station, true);
  const stored = house.terms.holdUp();
  const asked = house.stays.extend(station);
  await house.clock.advance(0);
  house.call(station, false);
  over();
  await house.clock.advance(0);
  stored();
  expect(await asked).toBe('done');
  await house.clock.advance(59 * MINUTE);
  expect(house.guest).toBe('id-101');
});

test('a call that comes while the guest asks to stay on does not undo it, nor does a second browser that asks', async () => {
  const rules = limits({ idleMinutes: 60 });
  const house = await open(rules);
  await house.clock.advance(50 * MINUTE);
  const stored = house.terms.holdUp();
  const both = [house.stays.extend(station), house.stays.extend(station)];
  await house.clock.advance(0);
  house.call(station, true);
  house.call(station, false);
  stored();
  expect(await Promise.all(both)).toEqual(['done', 'done']);
  await house.clock.advance(0);
  expect(await house.terms.load()).toMatchObject([{ extendedUntil: house.clock.now() + 70 * MINUTE }]);
});

test('somebody who comes the moment a guest is sent home is told nothing of that', async () => {
  const house = await open(limits({ longestMinutes: 60 }));
  const over = house.where.emergencyCallOn(terminal('101'));
  await house.clock.advance(HOUR);
  void house.moveIn('102');
  await house.clock.advance(0);
  over();
  await house.clock.advance(0);
  expect([house.guest, house.stays.endedAt(station)]).toEqual(['id-102', null]);
});

test('nothing waits once the house has closed, also where a guest has just asked to stay on', async () => {
  const house = await open(limits({ longestMinutes: 60 }));
  await house.clock.advance(50 * MINUTE);
  const stored = house.terms.holdUp();
  const asked = house.stays.extend(station);
  await house.clock.advance(0);
  house.stays.close();
  stored();
  expect(await asked).toBe('done');
  await house.clock.advance(0);
  expect(house.clock.pending).toBe(0);
});
