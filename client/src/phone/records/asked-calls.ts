import { type CallResult, callResult } from '@perch/shared';
import { dayLater, instantOf } from './zoned-days.ts';

/** What a page asks of the records, as it stands in its fields. */
export interface AskedCalls {
  readonly extension: string;
  readonly station: string;
  readonly kind: (typeof KINDS)[number];
  /** How it ended; empty for any way. */
  readonly result: CallResult | '';
  /** Days of the organization, such as `2026-11-27`; empty for any. */
  readonly from: string;
  readonly until: string;
}

const KINDS = ['all', 'made', 'received', 'missed', 'unreturned'] as const;
export const NUMBER = /^\d{2,8}$/;

/** What of it stands in the address of a request. */
export type CallsAsked = {
  readonly extension?: string;
  readonly station?: string;
  readonly direction?: 'made' | 'received';
  readonly missed?: 'all' | 'unreturned';
  readonly result?: CallResult;
  readonly from?: string;
  readonly until?: string;
};

/** The same as a query of the API. A number that is not yet whole asks for nothing. PURE. */
export function queryOf(
  { extension, station, kind, result, from, until }: AskedCalls,
  timeZone: string,
): CallsAsked {
  return {
    ...(NUMBER.test(extension) && { extension }),
    ...(NUMBER.test(station) && { station }),
    ...((kind === 'made' || kind === 'received') && { direction: kind }),
    ...(kind === 'missed' && { missed: 'all' }),
    ...(kind === 'unreturned' && { missed: kind }),
    ...(result !== '' && { result }),
    ...daysAsked(from, until, timeZone),
  };
}

/** From the beginning of one day to the end of another; either may be empty. PURE. */
export function daysAsked(
  from: string,
  until: string,
  timeZone: string,
): { readonly from?: string; readonly until?: string } {
  const first = instantOf(from, '00:00', timeZone);
  const last = until === '' ? undefined : instantOf(dayLater(until, 1), '00:00', timeZone);
  return {
    ...(first !== undefined && { from: String(first) }),
    ...(last !== undefined && { until: String(last) }),
  };
}

/** What the address of the page asks for, where a link led here: `?extension=101&from=2026-11-27`. PURE. */
export function askedIn(search: string): AskedCalls {
  const given = new URLSearchParams(search);
  const text = (name: string): string => given.get(name) ?? '';
  const kind = KINDS.find((one) => one === given.get('kind')) ?? 'all';
  const result = callResult.options.find((one) => one === given.get('result')) ?? '';
  return {
    ...{ extension: text('extension'), station: text('station'), kind, result },
    ...{ from: text('from'), until: text('until') },
  };
}

/** The same as it stands in the address; nothing where everything is asked for. PURE. */
export const searchOf = (asked: AskedCalls): string =>
  new URLSearchParams(
    Object.entries(asked).filter(([name, value]) => value !== '' && !(name === 'kind' && value === 'all')),
  ).toString();
