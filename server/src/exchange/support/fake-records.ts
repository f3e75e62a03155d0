import type { CallRecord } from '../ports.ts';
import {
  isCallFor,
  type RecordCursor,
  type RecordFilter,
  type RecordPage,
  type Records,
} from '../records.ts';
import type { VirtualizationRecord } from '../virtualization/record.ts';

/** For tests: records in memory, in the order in which they were written. */
export class FakeRecords implements Records {
  readonly writtenCalls: CallRecord[] = [];
  readonly writtenVirtualizations: VirtualizationRecord[] = [];

  async calls(filter: RecordFilter, size: number, after?: RecordCursor): Promise<RecordPage<CallRecord>> {
    return pageOf(this.writtenCalls, (call) => isCallFor(filter, call), size, after);
  }

  async virtualizations(
    { extension, terminal, from = 0, until = Infinity }: RecordFilter,
    size: number,
    after?: RecordCursor,
  ): Promise<RecordPage<VirtualizationRecord>> {
    const isAsked = (record: VirtualizationRecord) => {
      const isAbout =
        (extension !== undefined && record.extension === extension) ||
        (terminal !== undefined && record.terminal === terminal) ||
        (extension === undefined && terminal === undefined);
      return isAbout && record.at >= from && record.at < until;
    };
    return pageOf(this.writtenVirtualizations, isAsked, size, after);
  }
}

function pageOf<Row>(
  written: readonly Row[],
  isAsked: (row: Row) => boolean,
  size: number,
  after: RecordCursor | undefined,
): RecordPage<Row> {
  const before = after === undefined ? written.length : Number(after);
  const found = written
    .map((row, index) => ({ row, index }))
    .filter(({ row, index }) => index < before && isAsked(row))
    .reverse();
  const shown = found.slice(0, size);
  const last = found.length > size ? shown.at(-1) : undefined;
  return { records: shown.map(({ row }) => row), next: last ? (String(last.index) as RecordCursor) : null };
}
