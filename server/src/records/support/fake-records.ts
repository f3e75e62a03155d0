import type { CallPart, CallRecord } from '@perch/shared';
import type { VirtualizationRecord } from '../../exchange/virtualization/record.ts';
import { isCallFor } from '../filter.ts';
import type { CallFilter, RecordCursor, RecordPage, Records, VirtualizationFilter } from '../ports.ts';

/** For tests: records in memory, in the order in which they were written. */
export class FakeRecords implements Records {
  readonly writtenCalls: CallRecord[] = [];
  readonly writtenVirtualizations: VirtualizationRecord[] = [];

  async calls(filter: CallFilter, size: number, after?: RecordCursor): Promise<RecordPage<CallRecord>> {
    const [through = this.writtenCalls.length, seen = 0] = after?.split('.').map(Number) ?? [];
    const found = this.writtenCalls
      .slice(0, through)
      .map((call, index) => ({ call, index }))
      .filter(({ call }) => isCallFor(filter, call, (part) => this.#isReturned(call, part)))
      .sort((one, other) => other.call.startedAt - one.call.startedAt || other.index - one.index);
    const shown = found.slice(seen, seen + size);
    const next = seen + size < found.length ? `${String(through)}.${String(seen + size)}` : null;
    return { records: shown.map(({ call }) => call), next: next as RecordCursor | null };
  }

  #isReturned({ startedAt }: CallRecord, { extension, other }: CallPart): boolean {
    return this.writtenCalls.some(
      (later) =>
        later.startedAt > startedAt &&
        later.parts.some(
          (part) =>
            part.talkMs > 0 &&
            part.other !== null &&
            ((part.extension === extension && part.other === other) ||
              (part.extension === other && part.other === extension)),
        ),
    );
  }

  async virtualizations(
    { extension, terminal, from = 0, until = Infinity }: VirtualizationFilter,
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
