import type { CallRecord, OrganizationId } from '@perch/shared';
import type { VirtualizationRecord } from '../../exchange/virtualization/record.ts';
import type {
  CallFilter,
  ClaimedCall,
  Claims,
  RecordCursor,
  RecordPage,
  Records,
  VirtualizationFilter,
} from '../../records/ports.ts';
import type { Position } from './calls/call-places.ts';
import { readRecord } from './calls/forms/record-form.ts';
import type { RecordArchive } from './calls/record-archive.ts';
import { json } from './columns.ts';
import type { Database } from './database.ts';
import type { OrganizationSchema } from './schema.ts';
import { recordOf } from './moves/virtualizations.ts';

/** The records of one organization. */
export class OrganizationRecords implements Records, Claims {
  readonly #db: Database<OrganizationSchema>;
  readonly #archive: RecordArchive;
  readonly #organization: OrganizationId;

  constructor(db: Database<OrganizationSchema>, archive: RecordArchive, organization: OrganizationId) {
    this.#db = db;
    this.#archive = archive;
    this.#organization = organization;
  }

  async calls(filter: CallFilter, size: number, after?: RecordCursor): Promise<RecordPage<CallRecord>> {
    const from = after === undefined ? await this.#newest() : positionAt(after);
    const wanted = { organization: this.#organization, filter, from, limit: size + 1 };
    const found = await this.#archive.find(wanted);
    const shown = found.slice(0, size);
    const last = found.length > size ? shown.at(-1) : undefined;
    return {
      records: shown.map(({ record }) => readRecord(json.read(record))),
      next: last ? cursorAt({ ...last, through: from.through }) : null,
    };
  }

  claim(claimed: ClaimedCall): Promise<boolean> {
    return this.#archive.claim({ ...claimed, organization: this.#organization });
  }

  async virtualizations(
    { extension, terminal, from, until }: VirtualizationFilter,
    size: number,
    after?: RecordCursor,
  ): Promise<RecordPage<VirtualizationRecord>> {
    let rows = this.#db.sql
      .selectFrom('virtualization_records')
      .selectAll()
      .where('organization_id', '=', this.#organization)
      .where('sequence', '<', after === undefined ? Number.MAX_SAFE_INTEGER : Number(after));
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
    const shown = found.slice(0, size);
    const last = found.length > size ? shown.at(-1) : undefined;
    return { records: shown.map(recordOf), next: last ? (String(last.sequence) as RecordCursor) : null };
  }

  async #newest(): Promise<Position> {
    const through = await this.#archive.newest();
    return { through, startedAt: Number.MAX_SAFE_INTEGER, sequence: 0 };
  }
}

const cursorAt = ({ through, startedAt, sequence }: Position): RecordCursor =>
  [through, startedAt, sequence].map((part) => part.toString(36)).join('.') as RecordCursor;

/** Of a text that is no cursor, a place where nothing is. */
function positionAt(cursor: RecordCursor): Position {
  const [through = 0, startedAt = 0, sequence = 0] = cursor.split('.').map((part) => parseInt(part, 36) || 0);
  return { through, startedAt, sequence };
}
