import { extensionId, terminalId } from '@perch/shared';
import type { ExtensionId, OrganizationId, PhoneDeed, TerminalId } from '@perch/shared';
import type { Extension } from '../../../exchange/ports.ts';
import type { StoredVirtualizations, VirtualizationStore } from '../../../exchange/virtualization-store.ts';
import type { StoredChange } from '../../../exchange/virtualization/event.ts';
import type { Bucket } from '../../../exchange/virtualization/guessing.ts';
import type { Action, VirtualizationRecord } from '../../../exchange/virtualization/record.ts';
import type { Virtualization } from '../../../exchange/virtualization/virtualization.ts';
import { entryAfter, type Noted } from '../../../management/audit.ts';
import type { Audit } from '../audit/audit.ts';
import { json } from '../columns.ts';
import type { Database } from '../database.ts';
import type { OrganizationSchema } from '../schema.ts';

type RecordRow = Omit<OrganizationSchema['virtualization_records'], 'sequence' | 'organization_id'>;

/** The virtualizations of one organization. A commit survives a power cut, since the phone then announces the change. */
export class OrganizationVirtualizations implements VirtualizationStore {
  readonly #db: Database<OrganizationSchema>;
  readonly #organization: OrganizationId;
  readonly #audit: Audit;

  constructor(db: Database<OrganizationSchema>, organization: OrganizationId, audit: Audit) {
    this.#db = db;
    this.#organization = organization;
    this.#audit = audit;
  }

  async load(): Promise<StoredVirtualizations> {
    const { sql } = this.#db;
    const virtualizations = sql
      .selectFrom('virtualizations')
      .selectAll()
      .where('organization_id', '=', this.#organization);
    const buckets = sql
      .selectFrom('guessing_buckets')
      .selectAll()
      .where('organization_id', '=', this.#organization);
    return {
      virtualizations: this.#db.all(virtualizations).map(toVirtualization),
      buckets: this.#db.all(buckets).map(toBucket),
    };
  }

  async commit({ ended, begun, buckets, record }: StoredChange): Promise<void> {
    const write = (): void => {
      for (const one of ended) this.#end(one);
      for (const one of begun) this.#begin(one);
      for (const one of ended) this.#stayEnded(one, record);
      for (const one of begun) this.#stayBegan(one);
      for (const bucket of buckets) this.#put(bucket);
      const values = { ...toRow(record), organization_id: this.#organization };
      this.#db.run(this.#db.sql.insertInto('virtualization_records').values(values));
      this.#note(record);
    };
    // What was refused is on record, and nobody has done it.
    if (record.result === 'accepted') this.#db.transaction(write);
    else this.#db.transactionAlone(write);
  }

  async records(
    { id, terminal }: Pick<Extension, 'id' | 'terminal'>,
    limit: number,
  ): Promise<readonly VirtualizationRecord[]> {
    const rows = this.#db.sql
      .selectFrom('virtualization_records')
      .selectAll()
      .where('organization_id', '=', this.#organization)
      .where((e) => e.or([e('extension_id', '=', id), e('terminal_id', '=', terminal)]));
    return this.#db.all(rows.orderBy('sequence', 'desc').limit(limit)).map(recordOf);
  }

  /** In the audit is what phones have tried. What people do on the web is noted there by the operation that they ask for. */
  #note({ at, action, way, who, terminal, extension, result, endings }: VirtualizationRecord): void {
    const deed = way === 'limit' ? 'reachLimit' : PHONE_DEEDS[action];
    if (deed === undefined || who !== null || way === 'administrator') return;
    const about = (extension === null ? undefined : this.#named(extension))?.number ?? null;
    const noted: Noted = {
      ...{ who: this.#numberAt(terminal) ?? about ?? '', address: null, action: deed, about },
      ...{ result: result === 'accepted' ? 'done' : result, before: null },
      after: way === 'limit' ? { endedBy: endings[0]?.endedBy ?? null } : null,
    };
    this.#audit.add(this.#organization, (last) => entryAfter(last, this.#organization, at, noted));
  }

  #numberAt(terminal: TerminalId | null): string | undefined {
    const owner = this.#db.sql
      .selectFrom('extensions')
      .select('number')
      .where('terminal_id', '=', terminal)
      .where('organization_id', '=', this.#organization);
    return terminal === null ? undefined : this.#db.first(owner)?.number;
  }

  #end({ virtual, base }: Virtualization): void {
    this.#db.run(
      this.#db.sql
        .deleteFrom('virtualizations')
        .where('virtual_id', '=', virtual)
        .where('base_id', '=', base)
        .where('organization_id', '=', this.#organization),
    );
  }

  #begin({ virtual, base, since, by }: Virtualization): void {
    this.#db.run(
      this.#db.sql.insertInto('virtualizations').values({
        virtual_id: virtual,
        base_id: base,
        organization_id: this.#organization,
        since,
        way: by,
      }),
    );
  }

  #stayBegan({ virtual, base, since, by }: Virtualization): void {
    const guest = this.#named(virtual);
    const desk = this.#named(base);
    if (guest === undefined || desk === undefined) return;
    this.#db.run(
      this.#db.sql.insertInto('desk_stays').values({
        organization_id: this.#organization,
        extension_id: virtual,
        number: guest.number,
        name: guest.name,
        desk_id: base,
        terminal_id: desk.terminal_id,
        desk_number: desk.number,
        desk_name: desk.name,
        since,
        way: by,
        until: null,
        ended_by: null,
        ended_way: null,
        ender: null,
      }),
    );
  }

  #stayEnded({ virtual, base }: Virtualization, record: VirtualizationRecord): void {
    const ending = record.endings.find(
      ({ virtualization }) => virtualization.virtual === virtual && virtualization.base === base,
    );
    this.#db.run(
      this.#db.sql
        .updateTable('desk_stays')
        .set({
          until: record.at,
          ended_by: ending?.endedBy ?? null,
          ended_way: record.way,
          ender: this.#enderOf(virtual, record),
        })
        .where('organization_id', '=', this.#organization)
        .where('extension_id', '=', virtual)
        .where('desk_id', '=', base)
        .where('until', 'is', null),
    );
  }

  /** The administrator, or the other extension, that has ended a guest's stay; `null` where it was the guest. */
  #enderOf(guest: ExtensionId, { who, extension }: VirtualizationRecord): string | null {
    if (who !== null) return who;
    const other = extension === null || extension === guest ? undefined : this.#named(extension);
    return other === undefined ? null : `${other.number} ${other.name}`;
  }

  #named(extension: ExtensionId) {
    const { sql } = this.#db;
    return this.#db.first(
      sql.selectFrom('extensions').select(['number', 'name', 'terminal_id']).where('id', '=', extension),
    );
  }

  #put({ of: kind, id, wrong, locks }: Bucket): void {
    const { sql } = this.#db;
    if (wrong.length === 0) {
      this.#db.run(sql.deleteFrom('guessing_buckets').where('kind', '=', kind).where('id', '=', id));
      return;
    }
    const row = { kind, id, organization_id: this.#organization, wrong: json.write(wrong), locks };
    this.#db.run(sql.replaceInto('guessing_buckets').values(row));
  }
}

/** What can be done from a phone, as the audit calls it. */
const PHONE_DEEDS: Partial<Record<Action, PhoneDeed>> = {
  move: 'takeOver',
  return: 'goHome',
  undo: 'undoMove',
};

const toVirtualization = (row: OrganizationSchema['virtualizations']): Virtualization => ({
  virtual: extensionId(row.virtual_id),
  base: extensionId(row.base_id),
  since: row.since,
  by: row.way,
});

function toBucket(row: OrganizationSchema['guessing_buckets']): Bucket {
  const counted = { wrong: json.read(row.wrong), locks: row.locks };
  return row.kind === 'extension'
    ? { of: 'extension', id: extensionId(row.id), ...counted }
    : { of: 'terminal', id: terminalId(row.id), ...counted };
}

const toRow = (record: VirtualizationRecord): RecordRow => ({
  at: record.at,
  action: record.action,
  way: record.way,
  who: record.who,
  terminal_id: record.terminal,
  asked: record.asked,
  extension_id: record.extension,
  previous_guest_id: record.previousGuest,
  result: record.result,
  endings: json.write(record.endings),
});

/** A row as the record that it holds. */
export const recordOf = (row: RecordRow): VirtualizationRecord => ({
  at: row.at,
  action: row.action,
  way: row.way,
  who: row.who,
  terminal: row.terminal_id === null ? null : terminalId(row.terminal_id),
  asked: row.asked,
  extension: row.extension_id === null ? null : extensionId(row.extension_id),
  previousGuest: row.previous_guest_id === null ? null : extensionId(row.previous_guest_id),
  result: row.result,
  endings: json.read(row.endings),
});
