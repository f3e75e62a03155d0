import { IANAZone } from 'luxon';

/** Which days a report has, and which part of each. */
export interface ReportDays {
  /** Days in the time zone, such as `2026-11-27`: the first and the last one. */
  readonly from: string;
  readonly until: string;
  /** Time of day, such as `08:30`. `24:00`: the end of the day. */
  readonly dayStart: string;
  readonly dayEnd: string;
  /** 1 is Monday, 7 is Sunday. */
  readonly weekdays: readonly number[];
  /** An IANA name. */
  readonly timeZone: string;
}

/** One day of a report: its first instant, and the first one no longer included (milliseconds since 1970). */
export interface Window {
  readonly date: string;
  readonly from: number;
  readonly until: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The days of a report in their order. A day on which clocks change has 23 or 25 hours. PURE. */
export function windowsOf({
  from: first,
  until: last,
  dayStart,
  dayEnd,
  weekdays,
  timeZone,
}: ReportDays): readonly Window[] {
  const windows: Window[] = [];
  const wall = new WallClock(timeZone);
  const [start, end] = [timeOfDay(dayStart), timeOfDay(dayEnd)];
  for (let day = Date.parse(first); day <= Date.parse(last); day += DAY_MS) {
    // Sunday is 0.
    if (!weekdays.includes(new Date(day).getUTCDay() || 7)) continue;
    // In this order: the clock remembers its last answer.
    const begins = wall.instantOf(day);
    const from = Math.max(begins, wall.instantOf(day + start));
    const within = wall.instantOf(day + end);
    // A day that a zone leaves out, as Samoa did when it changed the side of the date line, has no part either.
    const until = Math.min(within, wall.instantOf(day + DAY_MS));
    if (until > from) windows.push({ date: new Date(day).toISOString().slice(0, 10), from, until });
  }
  return windows;
}

/** Milliseconds from midnight, on a day that has 24 hours. */
function timeOfDay(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return (hour * 60 + minute) * MINUTE_MS;
}

/** What the clocks of a time zone show, written as the instant at which a clock in UTC shows the same. */
class WallClock {
  readonly #zone: IANAZone;
  /** The last answer: days follow each other, and asking for an offset is what takes time. */
  #last: { readonly shown: number; readonly instant: number } | undefined;

  constructor(timeZone: string) {
    this.#zone = IANAZone.create(timeZone);
  }

  /**
   * When they show that. Where they are set back over it, that is the first time; where they are set forward over it, as long after that as
   * it lies after what they leave out.
   */
  instantOf(shown: number): number {
    if (shown !== this.#last?.shown)
      this.#last = { shown, instant: this.#find(shown, this.#offsetBefore(shown)) };
    return this.#last.instant;
  }

  #find(shown: number, before: number): number {
    const instant = shown - before;
    const offset = this.#offsetAt(instant);
    return offset !== before && this.#offsetAt(shown - offset) === offset ? shown - offset : instant;
  }

  /** One that was in force in the week before. */
  #offsetBefore(shown: number): number {
    const last = this.#last;
    const isNear = last !== undefined && last.shown < shown && shown - last.shown < 7 * DAY_MS;
    return isNear ? last.shown - last.instant : this.#offsetAt(shown - DAY_MS);
  }

  #offsetAt(instant: number): number {
    return this.#zone.offset(instant) * MINUTE_MS;
  }
}

/** Is that the name of a time zone that is known here? An offset such as `+01:00` is none: it has no summer time. */
export const isTimeZone = (name: string): boolean => /^[A-Za-z]/.test(name) && IANAZone.isValidZone(name);
