import { EXTENDED_BY_MS, type ExtensionId, type TerminalId, WARNED_BEFORE_MS } from '@perch/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Happening } from '../happenings.ts';
import { terminal } from '../support/test-desk.ts';
import { LimitedHouse, limits } from './support/limited-house.ts';

const MINUTE = 60_000;
const STATIONS = [terminal('201'), terminal('202')];
const rules = limits({ idleMinutes: 30, longestMinutes: 90 });

const at = fc.constantFrom(...STATIONS);
const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(20 * MINUTE) }) },
  {
    weight: 4,
    // To the moment at which a guest there is to be sent home, or just before or after it.
    arbitrary: fc.record({
      ...{ kind: fc.constant('wait-for-end' as const), at },
      by: fc.integer({ min: -1, max: 1 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('call' as const), at, on: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('come' as const), at, number: fc.constantFrom('101', '102') }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('leave' as const, 'extend', 'extend'), at }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('hold-moves' as const, 'hold-terms', 'release') }),
  },
);

interface Stay {
  readonly who: ExtensionId;
  readonly since: number;
}

/** The house, and what was seen of it. */
class WatchedHouse extends LimitedHouse {
  /** Stays that a limit has ended, and when that was decided. */
  readonly sentHome: (Stay & { readonly at: number })[] = [];
  /** Since when the guest there is told of an end. */
  readonly warnedSince = new Map<TerminalId, number>();
  /** Stays that were extended, as the guest was told, and until when at least. */
  readonly extended: (Stay & { readonly until: number })[] = [];
  #held: (() => void)[] = [];

  /** What must not be. */
  readonly wrong: string[] = [];

  /** Looks at what is about to be stored, as that is decided. */
  watch(): void {
    const { store } = this;
    const commit = store.commit.bind(store);
    store.commit = (change) => {
      for (const { virtual, base, since } of change.record.way === 'limit' ? change.ended : []) {
        const desk = this.directory.homeOf(base);
        const now = this.clock.now();
        const warned = desk && this.warnedSince.get(desk);
        if (desk && this.talking.has(desk)) this.wrong.push('sent home in a call');
        if (warned === undefined || now < warned + WARNED_BEFORE_MS)
          this.wrong.push('sent home without a warning');
        this.sentHome.push({ who: virtual, since, at: now });
        if (desk) this.warnedSince.delete(desk);
      }
      return commit(change);
    };
  }

  override notice(happening: Happening): void {
    super.notice(happening);
    if (happening.kind !== 'stay-end-changed') return;
    const { terminal: desk } = happening;
    if (this.stays.endAt(desk) !== null) this.#warn(desk);
    // Not where its time has come: then it goes until the end is stored.
    else if (this.talking.has(desk)) this.warnedSince.delete(desk);
  }

  #warn(desk: TerminalId): void {
    if (!this.warnedSince.has(desk)) this.warnedSince.set(desk, this.clock.now());
  }

  look(): void {
    for (const desk of STATIONS)
      if (this.where.guestOn(desk) !== undefined && this.stays.endedAt(desk) !== null)
        this.wrong.push('a desk with a guest says that the last stay was ended');
  }

  hold(disk: { holdUp(): () => void }): void {
    this.#held.push(disk.holdUp());
  }

  release(): void {
    for (const release of this.#held.splice(0)) release();
  }

  async extend(desk: TerminalId): Promise<void> {
    const stay = this.where.guestOn(desk);
    const until = (this.stays.endAt(desk)?.at ?? 0) + EXTENDED_BY_MS;
    const outcome = await this.stays.extend(desk);
    if (outcome !== 'done' || stay === undefined) return;
    this.warnedSince.delete(desk);
    this.extended.push({ who: stay.extension, since: stay.since, until });
  }
}

test('whatever happens at once, nobody is sent home in a call, without a warning, or after being told that they may stay; and everybody is in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const house = new WatchedHouse();
      house.watch();
      await house.open();
      house.stays.follow(rules);
      await house.moveIn('101', STATIONS[0]);
      await house.clock.advance(29 * MINUTE);
      const passing = async (ms: number): Promise<void> => {
        await house.clock.advance(ms);
        house.look();
      };
      for (const one of steps) {
        if (one.kind === 'wait') await passing(one.ms);
        else if (one.kind === 'wait-for-end') {
          const end = house.stays.endAt(one.at);
          if (end !== null) await passing(Math.max(end.at - house.clock.now() + one.by, 0));
        } else if (one.kind === 'call') house.call(one.at, one.on);
        else if (one.kind === 'come') void house.moveIn(one.number, one.at);
        else if (one.kind === 'leave') void house.where.returnHome(one.at, 'dialled');
        else if (one.kind === 'extend') void house.extend(one.at);
        else if (one.kind === 'release') house.release();
        else house.hold(one.kind === 'hold-moves' ? house.store : house.terms);
        house.look();
      }
      house.release();
      await passing(1);
      for (const { who, since, until } of house.extended) {
        const early = house.sentHome.filter((ended) => ended.who === who && ended.since === since);
        for (const ended of early) expect(ended.at).toBeGreaterThanOrEqual(until);
        // A restart would know it.
        const isThere = house.where.stayOf(who)?.since === since;
        const kept = (await house.terms.load()).find((term) => term.virtual === who && term.since === since);
        if (isThere) expect(kept?.extendedUntil ?? 0).toBeGreaterThanOrEqual(until);
      }
      for (const desk of STATIONS) house.call(desk, false);
      await passing(3 * 60 * MINUTE);
      for (const desk of STATIONS) expect(house.where.guestOn(desk)).toBeUndefined();
      expect(house.wrong).toEqual([]);
      house.stays.close();
    }),
    { numRuns: 500 },
  );
});
