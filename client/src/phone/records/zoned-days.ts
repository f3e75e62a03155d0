/** Days and times of day in a time zone with an IANA name, such as `Europe/Berlin`. */

const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one takes a browser a millisecond or more. */
function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  formats.set(timeZone, made);
  return made;
}

/** What the clock on the wall shows then, as if it were UTC (milliseconds since 1970). */
function wallAt(instant: number, timeZone: string): number {
  const parts = new Map(
    formatFor(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const [year, month, day, hour, minute, second] = (
    ['year', 'month', 'day', 'hour', 'minute', 'second'] as const
  ).map((part) => Number(parts.get(part))) as [number, number, number, number, number, number];
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The day of that instant, such as `2026-11-27`. PURE. */
export const dayAt = (instant: number, timeZone: string): string =>
  new Date(wallAt(instant, timeZone)).toISOString().slice(0, 10);

/** The time of that instant, such as `08:30`. PURE. */
export const timeAt = (instant: number, timeZone: string): string =>
  new Date(wallAt(instant, timeZone)).toISOString().slice(11, 16);

/** So many days later, on the calendar. PURE. */
export const dayLater = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

/**
 * When the clock on the wall shows that time on that day, the first time that it does; a time that it leaves out is as much later as the
 * clock is set forward. `undefined` for what is no day or no time. PURE.
 */
export function instantOf(day: string, time: string, timeZone: string): number | undefined {
  const wall = Date.parse(`${day}T${time}:00Z`);
  if (Number.isNaN(wall)) return undefined;
  // The offsets of the day before and after: clocks change once on a day at most.
  const offsets = [wall - DAY_MS, wall + DAY_MS].map((at) => wallAt(at, timeZone) - at);
  const candidates = offsets.map((offset) => wall - offset).sort((one, other) => one - other);
  return candidates.find((at) => wallAt(at, timeZone) >= wall) ?? candidates.at(-1);
}
