import type { ExtensionId, TerminalId } from '@perch/shared';
import type { CallRecord } from './ports.ts';
import type { VirtualizationRecord } from './virtualization/record.ts';

/** Which records: those about the extension or the terminal (about anyone, where neither is given), of that time. */
export interface RecordFilter {
  readonly extension?: ExtensionId;
  readonly terminal?: TerminalId;
  /** Milliseconds since 1970-01-01 UTC: the first instant, and the first one no longer included. A call counts from its start. */
  readonly from?: number;
  readonly until?: number;
}

declare const brand: unique symbol;
/** Where a page ended; only its own list can read it. */
export type RecordCursor = string & { readonly [brand]: 'RecordCursor' };

export interface RecordPage<Row> {
  readonly records: readonly Row[];
  /** Where the next page begins; `null` after the last. */
  readonly next: RecordCursor | null;
}

/**
 * What has happened in one organization, the latest first, in pages of at most `size` records. Records that are written while someone
 * turns the pages appear on none of them: nothing is shown twice, and nothing is left out.
 */
export interface Records {
  calls(filter: RecordFilter, size: number, after?: RecordCursor): Promise<RecordPage<CallRecord>>;
  virtualizations(
    filter: RecordFilter,
    size: number,
    after?: RecordCursor,
  ): Promise<RecordPage<VirtualizationRecord>>;
}

export function isCallFor(filter: RecordFilter, call: CallRecord): boolean {
  const { extension, terminal } = filter;
  return (
    isOfTime(filter, call.startedAt) &&
    ((extension === undefined && terminal === undefined) ||
      call.callerExtension === extension ||
      (extension !== undefined && call.calleeExtension === extension) ||
      call.callerTerminal === terminal ||
      (terminal !== undefined && call.calleeTerminal === terminal))
  );
}

const isOfTime = ({ from = -Infinity, until = Infinity }: RecordFilter, at: number): boolean =>
  at >= from && at < until;
