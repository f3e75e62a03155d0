import type { OrganizationId } from '@perch/shared';
import type { CallRecord } from '../../exchange/ports.ts';
import {
  isCallFor,
  type RecordCursor,
  type RecordFilter,
  type RecordPage,
  type Records,
} from '../../exchange/records.ts';
import type { VirtualizationRecord } from '../../exchange/virtualization/record.ts';
import type { CallJournal } from './calls/call-journal.ts';
import type { RecordArchive } from './calls/record-archive.ts';
import type { Database } from './database.ts';
import type { OrganizationSchema } from './schema.ts';
import { recordOf } from './virtualizations.ts';

/** A record with its number, which only grows. */
interface Numbered<Row> {
  readonly sequence: number;
  readonly record: Row;
}

/** The records of one organization. Those of calls are in two files: the latest are not in the archive yet. */
export class OrganizationRecords implements Records {
  readonly #db: Database<OrganizationSchema>;
  readonly #journal: CallJournal;
  readonly #archive: RecordArchive;
  readonly #organization: OrganizationId;

  constructor(
    db: Database<OrganizationSchema>,
    journal: CallJournal,
    archive: RecordArchive,
    organization: OrganizationId,
  ) {
    this.#db = db;
    this.#journal = journal;
    this.#archive = archive;
    this.#organization = organization;
  }

  async calls(filter: RecordFilter, size: number, after?: RecordCursor): Promise<RecordPage<CallRecord>> {
    const organization = this.#organization;
    const before = beforeOf(after);
    // First the journal: what is archived after that has been seen here, and is left out there.
    const waiting = this.#journal
      .recordsBefore(before)
      .filter((one) => one.organization === organization && isCallFor(filter, one.record));
    if (waiting.length > size) return pageOf(waiting, size);
    const rest = await this.#archive.read({
      organization,
      filter,
      before: waiting.at(-1)?.sequence ?? before,
      limit: size + 1 - waiting.length,
    });
    return pageOf([...waiting, ...rest], size);
  }

  async virtualizations(
    { extension, terminal, from, until }: RecordFilter,
    size: number,
    after?: RecordCursor,
  ): Promise<RecordPage<VirtualizationRecord>> {
    let rows = this.#db.sql
      .selectFrom('virtualization_records')
      .selectAll()
      .where('organization_id', '=', this.#organization)
      .where('sequence', '<', beforeOf(after));
    if (extension !== undefined || terminal !== undefined)
      rows = rows.where((e) =>
        e.or([
          ...(extension === undefined ? [] : [e('extension_id', '=', extension)]),
          ...(terminal === undefined ? [] : [e('terminal_id', '=', terminal)]),
        ]),
      );
    if (from !== undefined) rows = rows.where('at', '>=', from);
    if (until !== undefined) rows = rows.where('at', '<', until);
    const found = this.#db.all(rows.orderBy('sequence', 'desc').limit(size + 1));
    return pageOf(
      found.map((row) => ({ sequence: row.sequence, record: recordOf(row) })),
      size,
    );
  }
}

/** Of one record more than the page takes, which shows that there is a next one. */
function pageOf<Row>(found: readonly Numbered<Row>[], size: number): RecordPage<Row> {
  const shown = found.slice(0, size);
  const last = found.length > size ? shown.at(-1) : undefined;
  return {
    records: shown.map(({ record }) => record),
    next: last ? (String(last.sequence) as RecordCursor) : null,
  };
}

const beforeOf = (after: RecordCursor | undefined): number =>
  after === undefined ? Number.MAX_SAFE_INTEGER : Number(after);
