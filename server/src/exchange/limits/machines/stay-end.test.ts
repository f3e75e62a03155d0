import { EXTENDED_BY_MS, WARNED_BEFORE_MS } from '@perch/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NEW_TERM, type StayFacts, type Standing, step, type StayTerm } from './stay-end.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const facts = (given: Partial<StayFacts> = {}): StayFacts => ({
  ...{ since: 0, usedAt: 0, inCall: false, longestMs: null, endOfDay: null, idleMs: null },
  ...given,
});
const look = (term: StayTerm, given: Partial<StayFacts>, now: number) =>
  step(term, { kind: 'look' }, facts(given), now);
const extend = (term: StayTerm, given: Partial<StayFacts>, now: number) =>
  step(term, { kind: 'extend' }, facts(given), now);
const warnedAt = (at: number): StayTerm => ({ ...NEW_TERM, warnedAt: at });

test.for<[string, Partial<StayFacts>, number, StayTerm, Standing]>([
  ['no limit', {}, 99 * HOUR, NEW_TERM, { kind: 'unlimited' }],
  [
    'long before the end',
    { longestMs: 8 * HOUR },
    HOUR,
    NEW_TERM,
    { kind: 'open', nextAt: 8 * HOUR - WARNED_BEFORE_MS },
  ],
  [
    'a quarter of an hour before',
    { longestMs: 8 * HOUR },
    8 * HOUR - WARNED_BEFORE_MS,
    warnedAt(8 * HOUR - WARNED_BEFORE_MS),
    { kind: 'warned', limit: 'longest', endsAt: 8 * HOUR, nextAt: 8 * HOUR },
  ],
  [
    'found too late, after a restart or with a limit just set: a quarter of an hour is left',
    { longestMs: 8 * HOUR },
    9 * HOUR,
    warnedAt(9 * HOUR),
    {
      ...{ kind: 'warned', limit: 'longest' },
      ...{ endsAt: 9 * HOUR + WARNED_BEFORE_MS, nextAt: 9 * HOUR + WARNED_BEFORE_MS },
    },
  ],
  [
    'of several the first',
    { longestMs: 8 * HOUR, endOfDay: 5 * HOUR, idleMs: 6 * HOUR },
    5 * HOUR - 1,
    warnedAt(5 * HOUR - 1),
    {
      ...{ kind: 'warned', limit: 'time-of-day' },
      ...{ endsAt: 5 * HOUR - 1 + WARNED_BEFORE_MS, nextAt: 5 * HOUR - 1 + WARNED_BEFORE_MS },
    },
  ],
  ['idle, but in a call', { idleMs: HOUR, inCall: true }, 9 * HOUR, NEW_TERM, { kind: 'unlimited' }],
])('%s', ([, given, now, term, standing]) => {
  expect(look(NEW_TERM, given, now)).toEqual([term, standing]);
});

test('when the time is over a live call is waited for, and then it ends', () => {
  const warned = warnedAt(8 * HOUR - WARNED_BEFORE_MS);
  const over = { longestMs: 8 * HOUR };
  expect(look(warned, { ...over, inCall: true }, 9 * HOUR)[1]).toEqual({
    ...{ kind: 'in-call', limit: 'longest', endsAt: 8 * HOUR },
  });
  expect(look(warned, over, 9 * HOUR)[1]).toEqual({ kind: 'over', limit: 'longest' });
});

test('a warning whose reason has gone is taken back: a call was made, or the limit switched off', () => {
  const warned = warnedAt(50 * MINUTE);
  expect(look(warned, { idleMs: HOUR, usedAt: 55 * MINUTE }, 56 * MINUTE)).toEqual([
    NEW_TERM,
    { kind: 'open', nextAt: 55 * MINUTE + HOUR - WARNED_BEFORE_MS },
  ]);
  expect(look(warned, {}, 56 * MINUTE)).toEqual([NEW_TERM, { kind: 'unlimited' }]);
});

test('extended once, by an hour from the end, with a warning before the new end', () => {
  const limits = { longestMs: 8 * HOUR };
  expect(extend(NEW_TERM, limits, HOUR)).toEqual(look(NEW_TERM, limits, HOUR));
  const [term, standing] = extend(warnedAt(8 * HOUR - MINUTE), limits, 8 * HOUR);
  const until = 8 * HOUR - MINUTE + WARNED_BEFORE_MS + EXTENDED_BY_MS;
  expect(term).toEqual({ warnedAt: null, extendedUntil: until });
  expect(standing).toEqual({ kind: 'open', nextAt: until - WARNED_BEFORE_MS });
  const [again, shown] = look(term, limits, until - MINUTE);
  expect(extend(again, limits, until - MINUTE)).toEqual([again, shown]);
  expect(shown).toMatchObject({ kind: 'warned', endsAt: until - MINUTE + WARNED_BEFORE_MS });
});

test('in a call that has lasted beyond the end, the hour begins now', () => {
  const limits = { longestMs: 8 * HOUR, inCall: true };
  const [term] = extend(warnedAt(7 * HOUR), limits, 9 * HOUR);
  expect(term.extendedUntil).toBe(9 * HOUR + EXTENDED_BY_MS);
});

/** A stay's life: time passes, calls come and go, limits are set and taken away, the guest extends, the server restarts. */
type Step =
  | { readonly kind: 'pass'; readonly minutes: number }
  | { readonly kind: 'call' | 'hang-up' | 'extend' | 'restart' }
  | {
      readonly kind: 'limit';
      readonly of: 'longestMs' | 'idleMs' | 'endOfDay';
      readonly minutes: number | null;
    };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('pass' as const), minutes: fc.nat(90) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('call', 'hang-up', 'extend', 'restart') }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('limit' as const),
        of: fc.constantFrom('longestMs' as const, 'idleMs' as const, 'endOfDay' as const),
        minutes: fc.option(fc.integer({ min: 20, max: 300 })),
      }),
    },
  ),
  { maxLength: 40 },
);

test('whatever happens: nobody is sent home unwarned, in a call, or without a limit; a stay is extended once; nothing is forgotten', () => {
  fc.assert(
    fc.property(steps, (life) => {
      let now = 0;
      let given: StayFacts = facts();
      let term = NEW_TERM;
      /** Minutes since when the page has shown the warning without a break. */
      let shownSince: number | null = null;
      let extensions = 0;
      const seen = (standing: Standing): boolean => {
        const isShown = standing.kind === 'warned' || standing.kind === 'in-call';
        if (standing.kind === 'over') {
          expect(given.inCall).toBe(false);
          expect(given.longestMs ?? given.idleMs ?? given.endOfDay).not.toBeNull();
          expect(shownSince).not.toBeNull();
          expect(now - (shownSince ?? now)).toBeGreaterThanOrEqual(WARNED_BEFORE_MS);
          return true;
        }
        shownSince = isShown ? (shownSince ?? now) : null;
        return false;
      };
      const take = (kind: 'look' | 'extend'): boolean => {
        const before = term.extendedUntil;
        const [next, standing] = step(term, { kind }, given, now);
        if (next.extendedUntil !== before) extensions++;
        expect([0, 1]).toContain(extensions);
        // To look twice changes nothing.
        expect(step(next, { kind: 'look' }, given, now)).toEqual([next, standing]);
        term = next;
        if (kind === 'extend' && before !== term.extendedUntil) shownSince = null;
        return seen(standing);
      };
      for (const one of life) {
        switch (one.kind) {
          case 'pass':
            // As its timer does: looked at as soon as something is to be seen.
            for (let minute = 0; minute < one.minutes; minute++) {
              now += MINUTE;
              if (given.inCall) given = { ...given, usedAt: now };
              if (take('look')) return;
            }
            break;
          case 'call':
          case 'hang-up':
            given = { ...given, inCall: one.kind === 'call', usedAt: now };
            break;
          case 'limit':
            given = { ...given, [one.of]: one.minutes && one.minutes * MINUTE };
            break;
          case 'restart':
            term = JSON.parse(JSON.stringify(term)) as StayTerm;
            break;
          case 'extend':
        }
        if (take(one.kind === 'extend' ? 'extend' : 'look')) return;
      }
      // Left alone, a stay with a limit does end.
      if ((given.longestMs ?? given.idleMs ?? given.endOfDay) === null) return;
      given = { ...given, inCall: false };
      for (let minutes = 0; !take('look'); minutes++) {
        expect(minutes).toBeLessThan(24 * 60);
        now += MINUTE;
      }
    }),
  );
});
