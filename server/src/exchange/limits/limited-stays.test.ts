import { type CallView, NO_STAY_LIMITS, type StayLimits, type TerminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import type { Happening } from '../happenings.ts';
import { codeOf, terminal, TestHouse } from '../support/test-desk.ts';
import type { VirtualizationDesk } from '../virtualization-desk.ts';
import { LimitedStays } from './limited-stays.ts';
import { FakeStayTermStore } from './support/fake-stay-term-store.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const station = terminal('201');
const limits = (given: Partial<StayLimits>) => ({ limits: { ...NO_STAY_LIMITS, ...given }, timeZone: 'UTC' });

/** An organization with 101 at the station 201, and its stays under limits. */
class LimitedHouse extends TestHouse {
  readonly terms = new FakeStayTermStore();
  readonly talking = new Set<TerminalId>();
  readonly happened: Happening[] = [];
  stays!: LimitedStays;
  where!: VirtualizationDesk;

  /** The rooms come up from what is stored. */
  async open(): Promise<this> {
    this.where = await this.desk((happening) => {
      if (happening.kind === 'moved') this.stays.moved(happening.extensions);
    });
    this.stays = await LimitedStays.open({
      directory: this.directory,
      where: this.where,
      calls: { views: (at) => (this.talking.has(at) ? [{ here: 'here' } as CallView] : []) },
      store: this.terms,
      clock: this.clock,
      happened: (happening) => void this.happened.push(happening),
    });
    return this;
  }

  async reopen(rules: Parameters<LimitedStays['follow']>[0]): Promise<void> {
    this.stays.close();
    await this.open();
    this.stays.follow(rules);
    await this.clock.advance(0);
  }

  async moveIn(number = '101'): Promise<void> {
    await this.where.requestMove(station, number);
    await this.where.verifyAndMove(station, number, codeOf(number));
  }

  call(at: TerminalId, isTalking: boolean): void {
    if (isTalking) this.talking.add(at);
    else this.talking.delete(at);
    this.stays.callsChanged(at);
  }

  get guest(): string | undefined {
    return this.where.guestOn(station)?.extension;
  }
}

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
