import { EXTENDED_BY_MS, type StayLimit, WARNED_BEFORE_MS } from '@perch/shared';

/** What is kept of a guest's stay beside its beginning: a restart goes on from here. */
export interface StayTerm {
  /** Since when the guest is warned; `null` while they are not. */
  readonly warnedAt: number | null;
  /** The stay goes on until then, whatever its limits say; `null` until the guest has extended it. */
  readonly extendedUntil: number | null;
}

export const NEW_TERM: StayTerm = { warnedAt: null, extendedUntil: null };

/** What the end of a stay follows from. Times are milliseconds since 1970-01-01 UTC, spans milliseconds; limits that are off are `null`. */
export interface StayFacts {
  readonly since: number;
  /** The latest sign of use: the end of the last call there, or the beginning of the stay. */
  readonly usedAt: number;
  /** Is a call at the desk, of whatever kind? */
  readonly inCall: boolean;
  readonly longestMs: number | null;
  /** The first time after the beginning of the stay at which it is to end by the clock on the wall. */
  readonly endOfDay: number | null;
  readonly idleMs: number | null;
}

export type StayEvent = { readonly kind: 'look' } | { readonly kind: 'extend' };

/** How a stay stands. `nextAt`: when it is to be looked at again, if nothing else happens before. */
export type Standing =
  | { readonly kind: 'unlimited' }
  | { readonly kind: 'open'; readonly nextAt: number }
  | {
      readonly kind: 'warned';
      readonly limit: StayLimit;
      readonly endsAt: number;
      readonly nextAt: number;
    }
  /** Its time is over, but a live call is waited for. */
  | { readonly kind: 'in-call'; readonly limit: StayLimit; readonly endsAt: number }
  | { readonly kind: 'over'; readonly limit: StayLimit };

/**
 * One step of a guest's stay under limits. Nobody is sent home who has not been warned for a quarter of an hour before, whether the limit was
 * just set or the server was down; nobody in the middle of a call. A warning whose reason has gone is taken back, and a stay is
 * extended once at most.
 */
export function step(
  term: StayTerm,
  event: StayEvent,
  facts: StayFacts,
  now: number,
): readonly [StayTerm, Standing] {
  const [looked, standing] = look(term, facts, now);
  if (event.kind === 'look' || looked.extendedUntil !== null) return [looked, standing];
  if (standing.kind !== 'warned' && standing.kind !== 'in-call') return [looked, standing];
  const extendedUntil = Math.max(standing.endsAt, now) + EXTENDED_BY_MS;
  return look({ warnedAt: null, extendedUntil }, facts, now);
}

function look(term: StayTerm, facts: StayFacts, now: number): readonly [StayTerm, Standing] {
  const first = firstEnd(facts);
  if (first === undefined) return [unwarned(term), { kind: 'unlimited' }];
  const [limit, at] = first;
  const due = Math.max(at, term.extendedUntil ?? at);
  if (now < due - WARNED_BEFORE_MS) return [unwarned(term), { kind: 'open', nextAt: due - WARNED_BEFORE_MS }];
  const warnedAt = term.warnedAt ?? now;
  const warned = term.warnedAt === null ? { ...term, warnedAt } : term;
  const endsAt = Math.max(due, warnedAt + WARNED_BEFORE_MS);
  if (now < endsAt) return [warned, { kind: 'warned', limit, endsAt, nextAt: endsAt }];
  return [warned, facts.inCall ? { kind: 'in-call', limit, endsAt } : { kind: 'over', limit }];
}

const unwarned = (term: StayTerm): StayTerm => (term.warnedAt === null ? term : { ...term, warnedAt: null });

/** The limit that ends the stay first, and when. A desk with a call is not idle. */
function firstEnd({ since, usedAt, inCall, longestMs, endOfDay, idleMs }: StayFacts) {
  const ends: (readonly [StayLimit, number])[] = [];
  if (longestMs !== null) ends.push(['longest', since + longestMs]);
  if (endOfDay !== null) ends.push(['time-of-day', endOfDay]);
  if (idleMs !== null && !inCall) ends.push(['idle', Math.max(since, usedAt) + idleMs]);
  return ends.sort(([, one], [, other]) => one - other)[0];
}
