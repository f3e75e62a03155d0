import type { StayLimits } from '@perch/shared';
import { DateTime } from 'luxon';
import type { StayFacts } from './machines/stay-end.ts';

/** What holds for all stays of an organization. */
export interface StayRules {
  readonly limits: StayLimits;
  /** An IANA name. */
  readonly timeZone: string;
}

const MINUTE_MS = 60_000;

/** The limits of a stay that began then, at a desk with these limits of its own: of both, what ends it sooner. PURE. */
export function limitsAt(
  { limits, timeZone }: StayRules,
  own: StayLimits | null,
  since: number,
): Pick<StayFacts, 'longestMs' | 'endOfDay' | 'idleMs'> {
  return {
    longestMs: inMs(sooner(limits.longestMinutes, own?.longestMinutes)),
    endOfDay: sooner(nextTime(since, limits.timeOfDay, timeZone), nextTime(since, own?.timeOfDay, timeZone)),
    idleMs: inMs(sooner(limits.idleMinutes, own?.idleMinutes)),
  };
}

/**
 * The first instant after this one at which clocks in the zone show that time. On a day on which they leave it out, the
 * instant at which they have gone past it by as much as they were put forward; of two on one day, the first.
 */
function nextTime(after: number, time: string | null | undefined, zone: string): number | null {
  if (time === null || time === undefined) return null;
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const day = DateTime.fromMillis(after, { zone }).startOf('day');
  const at = (days: number) => day.plus({ days }).set({ hour, minute, second: 0, millisecond: 0 }).toMillis();
  const today = at(0);
  return today > after ? today : at(1);
}

const inMs = (minutes: number | null): number | null => minutes && minutes * MINUTE_MS;

function sooner(one: number | null, other: number | null | undefined): number | null {
  if (one === null || other === null || other === undefined) return one ?? other ?? null;
  return Math.min(one, other);
}
