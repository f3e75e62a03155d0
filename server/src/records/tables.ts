import type { CallRecord, DeskStay, NamedThen } from '@perch/shared';
import type { RecordCursor, RecordPage } from './ports.ts';

/** Records that are read and written at a time: enough to be fast, and few enough that nobody else waits. */
const AT_A_TIME = 250;

/** What a column is called, and what it has of a row. */
type Columns<Row> = Readonly<Record<string, (row: Row) => string | number | null>>;

/** All pages, row by row, as they are asked for. */
export async function* rowsOf<Row>(
  columns: Columns<Row>,
  page: (size: number, after?: RecordCursor) => Promise<RecordPage<Row>>,
): AsyncGenerator<readonly (string | number | null)[]> {
  const cells = Object.values(columns);
  let after: RecordCursor | undefined;
  do {
    const { records, next } = await page(AT_A_TIME, after);
    for (const row of records) yield cells.map((of) => of(row));
    after = next ?? undefined;
  } while (after !== undefined);
}

/** An instant as ISO 8601 in UTC, which every spreadsheet and script can read. */
const instant = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
const seconds = (ms: number): number => ms / 1_000;
const numbers = (all: readonly NamedThen[]): string => all.map(({ number }) => number).join(' ');

export const CALL_COLUMNS: Columns<CallRecord> = {
  id: ({ id }) => id,
  started: ({ startedAt }) => instant(startedAt),
  'caller number': ({ caller }) => caller.number,
  'caller name': ({ caller }) => caller.name,
  'caller desk': ({ caller }) => caller.desk?.number ?? null,
  dialled: ({ dialled }) => dialled,
  'callee number': ({ callee }) => callee?.number ?? null,
  'callee name': ({ callee }) => callee?.name ?? null,
  'callee desk': ({ callee }) => callee?.desk?.number ?? null,
  result: ({ result }) => result,
  'handled by': ({ parts }) => numbers(parts.filter(({ result }) => result === 'handled')),
  'missed by': ({ parts }) => numbers(parts.filter(({ result }) => result === 'missed')),
  'declined by': ({ parts }) => numbers(parts.filter(({ result }) => result === 'declined')),
  answered: ({ answeredAt }) => instant(answeredAt),
  ended: ({ endedAt }) => instant(endedAt),
  'ringing (s)': ({ ringMs }) => seconds(ringMs),
  'talking (s)': ({ talkMs }) => seconds(talkMs),
  'on hold (s)': ({ holdMs }) => seconds(holdMs),
  'mailbox (s)': ({ mailboxMs }) => seconds(mailboxMs),
  'message (s)': ({ mailbox }) => (mailbox?.message ? seconds(mailbox.message.durationMs) : null),
  'ended by': ({ endedBy }) => endedBy?.number ?? null,
  'SIP reason': ({ reason }) =>
    reason === null ? null : `${reason.protocol} ${String(reason.cause)} ${reason.text ?? ''}`.trim(),
  'transferred from': ({ transferredFrom }) => transferredFrom,
  'transferred to': ({ transferredTo }) => transferredTo,
  'claimed by': ({ claimed }) => claimed?.by.number ?? null,
  'claimed from': ({ claimed }) => claimed?.from.number ?? null,
  claimed: ({ claimed }) => instant(claimed?.at ?? null),
};

export const STAY_COLUMNS: Columns<DeskStay> = {
  number: ({ extension }) => extension.number,
  name: ({ extension }) => extension.name,
  'desk number': ({ desk }) => desk.number,
  'desk name': ({ desk }) => desk.name,
  from: ({ from }) => instant(from),
  'began by': ({ way }) => way,
  until: ({ until }) => instant(until),
  ended: ({ endedBy }) => endedBy,
  'ended by way of': ({ endedWay }) => endedWay,
  'ended by': ({ ender }) => ender,
};
