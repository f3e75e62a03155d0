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
import type { MoveStatements } from './move-statements.ts';

type RecordRow = Omit<OrganizationSchema['virtualization_records'], 'sequence' | 'organization_id'>;

interface Kept {
  readonly db: Database<OrganizationSchema>;
  readonly statements: MoveStatements;
  readonly audit: Audit;
}

/** The virtualizations of one organization. A commit survives a power cut, since the phone then announces the change. */
export class OrganizationVirtualizations implements VirtualizationStore {
  readonly #db: Database<OrganizationSchema>;
  readonly #statements: MoveStatements;
  readonly #audit: Audit;
  readonly #organization: OrganizationId;

  constructor({ db, statements, audit }: Kept, organization: OrganizationId) {
    this.#db = db;
    this.#statements = statements;
    this.#audit = audit;
    this.#organization = organization;
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
      this.#statements.record.run({ ...toRow(record), organization_id: this.#organization });
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
    const organization = this.#organization;
    return terminal === null
      ? undefined
      : this.#statements.ownerOf.all({ terminal, organization })[0]?.number;
  }

  #end({ virtual, base }: Virtualization): void {
    const organization = this.#organization;
    this.#statements.end.run({ virtual_id: virtual, base_id: base, organization_id: organization });
  }

  #begin({ virtual, base, since, by }: Virtualization): void {
    const of = { virtual_id: virtual, base_id: base, organization_id: this.#organization };
    this.#statements.begin.run({ ...of, since, way: by });
  }

  #stayBegan({ virtual, base, since, by }: Virtualization): void {
    const guest = this.#named(virtual);
    const desk = this.#named(base);
    if (guest === undefined || desk === undefined) return;
    this.#statements.stayBegan.run({
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
    });
  }

  #stayEnded({ virtual, base }: Virtualization, record: VirtualizationRecord): void {
    const ending = record.endings.find(
      ({ virtualization }) => virtualization.virtual === virtual && virtualization.base === base,
    );
    this.#statements.stayEnded.run({
      organization_id: this.#organization,
      extension_id: virtual,
      desk_id: base,
      until: record.at,
      ended_by: ending?.endedBy ?? null,
      ended_way: record.way,
      ender: this.#enderOf(virtual, record),
    });
  }

  /** The administrator, or the other extension, that has ended a guest's stay; `null` where it was the guest. */
  #enderOf(guest: ExtensionId, { who, extension }: VirtualizationRecord): string | null {
    if (who !== null) return who;
    const other = extension === null || extension === guest ? undefined : this.#named(extension);
    return other === undefined ? null : `${other.number} ${other.name}`;
  }

  #named(extension: ExtensionId) {
    return this.#statements.extension.all({ id: extension })[0];
  }

  #put({ of: kind, id, wrong, locks }: Bucket): void {
    const { empty, put } = this.#statements;
    const organization = this.#organization;
    if (wrong.length === 0) empty.run({ kind, id });
    else put.run({ kind, id, organization_id: organization, wrong: json.write(wrong), locks });
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
