/** What a page asks of the records, as it stands in its fields. */
export interface AskedCalls {
  readonly extension: string;
  readonly station: string;
  readonly kind: 'all' | 'made' | 'received' | 'missed' | 'unreturned';
  /** Days, such as `2026-11-27`, as this browser counts them; empty for any. */
  readonly from: string;
  readonly until: string;
}

const NUMBER = /^\d{2,8}$/;

/** What of it stands in the address of a request. */
export type CallsAsked = {
  readonly extension?: string;
  readonly station?: string;
  readonly direction?: 'made' | 'received';
  readonly missed?: 'all' | 'unreturned';
  readonly from?: string;
  readonly until?: string;
};

/** The same as a query of the API. A number that is not yet whole asks for nothing. PURE. */
export function queryOf({ extension, station, kind, from, until }: AskedCalls): CallsAsked {
  const first = startOf(from, 0);
  const last = startOf(until, 1);
  return {
    ...(NUMBER.test(extension) && { extension }),
    ...(NUMBER.test(station) && { station }),
    ...((kind === 'made' || kind === 'received') && { direction: kind }),
    ...(kind === 'missed' && { missed: 'all' }),
    ...(kind === 'unreturned' && { missed: kind }),
    ...(first !== undefined && { from: String(first) }),
    ...(last !== undefined && { until: String(last) }),
  };
}

/** When that day begins, or one so many days later; days on which clocks change are as long as they are. */
function startOf(day: string, later: number): number | undefined {
  const [year, month, date] = day.split('-').map(Number);
  if (year === undefined || month === undefined || date === undefined) return undefined;
  return new Date(year, month - 1, date + later).getTime();
}
