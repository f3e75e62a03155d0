import { daysAsked, NUMBER } from './asked-calls.ts';

/** What a page asks of stays at desks, as it stands in its fields. */
export interface AskedStays {
  readonly extension: string;
  readonly station: string;
  /** Days of the organization, such as `2026-11-27`; empty for any. */
  readonly from: string;
  readonly until: string;
}

/** What of it stands in the address of a request. */
export type StaysAsked = {
  readonly extension?: string;
  readonly station?: string;
  readonly from?: string;
  readonly until?: string;
};

/** The same as a query of the API. A number that is not yet whole asks for nothing. PURE. */
export const staysQueryOf = (
  { extension, station, from, until }: AskedStays,
  timeZone: string,
): StaysAsked => ({
  ...(NUMBER.test(extension) && { extension }),
  ...(NUMBER.test(station) && { station }),
  ...daysAsked(from, until, timeZone),
});

/** What the address of the page asks for, where a link led here: `?station=201`. PURE. */
export function staysAskedIn(search: string): AskedStays {
  const given = new URLSearchParams(search);
  const [extension = '', station = '', from = '', until = ''] = [
    ...['extension', 'station', 'from', 'until'],
  ].map((name) => given.get(name) ?? '');
  return { extension, station, from, until };
}
