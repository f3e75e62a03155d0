import { extensionId, extensionNumber, organizationId, terminalId, NO_FORWARDS } from '@perch/shared';
import type { AuditEntry, ExtensionId, OrganizationId, PhoneDeed } from '@perch/shared';
import type { BookStore, StoredExtension } from '../../exchange/book/ports.ts';
import type { Clock } from '../../world/clock.ts';
import { entryAfter, type Noted } from '../../management/audit.ts';
import type { AuditHead } from '../../management/audit-repository.ts';
import { flag, json, spoken } from './columns.ts';
import type { Database } from './database.ts';
import type { OrganizationSchema } from './schema.ts';

type Row = Omit<OrganizationSchema['extensions'], 'created_at' | 'deleted_at'>;

/** Adds an entry to the audit, in the transaction of the change that it tells of. */
interface AuditedChanges {
  add(organization: OrganizationId, next: (last: AuditHead | undefined) => AuditEntry): void;
}

export class OrganizationBook implements BookStore {
  readonly #db: Database<OrganizationSchema>;
  readonly #organization: OrganizationId;
  readonly #clock: Clock;
  readonly #audit: AuditedChanges;

  constructor(
    db: Database<OrganizationSchema>,
    organization: OrganizationId,
    clock: Clock,
    audit: AuditedChanges,
  ) {
    this.#audit = audit;
    this.#db = db;
    this.#organization = organization;
    this.#clock = clock;
  }

  async load(): Promise<readonly StoredExtension[]> {
    const rows = this.#db.sql
      .selectFrom('extensions')
      .selectAll()
      .where('organization_id', '=', this.#organization)
      .where('deleted_at', 'is', null);
    return this.#db.all(rows.orderBy('number')).map(extensionOf);
  }

  async insert(extension: StoredExtension): Promise<void> {
    const row = { ...toRow(extension), created_at: this.#clock.now(), deleted_at: null };
    this.#db.run(this.#db.sql.insertInto('extensions').values(row));
  }

  async update(extension: StoredExtension, dialled?: PhoneDeed): Promise<void> {
    this.#db.transaction(() => {
      this.#put(extension);
      if (dialled !== undefined) this.#note(extension, dialled);
    });
  }

  #put(extension: StoredExtension): void {
    const { id, ...columns } = toRow(extension);
    this.#db.run(this.#db.sql.updateTable('extensions').set(columns).where('id', '=', id));
  }

  #note({ number, doNotDisturb, forwards }: StoredExtension, action: PhoneDeed): void {
    const noted: Noted = {
      ...{ who: number, address: null, action, about: number, result: 'done', before: null },
      after: action === 'dialForward' ? { forwards: forwards.always } : { doNotDisturb },
    };
    const now = this.#clock.now();
    this.#audit.add(this.#organization, (last) => entryAfter(last, this.#organization, now, noted));
  }

  async delete(id: ExtensionId, changed: readonly StoredExtension[]): Promise<void> {
    const { sql } = this.#db;
    this.#db.transaction(() => {
      for (const extension of changed) this.#put(extension);
      this.#db.run(sql.deleteFrom('terminal_tokens').where('extension_id', '=', id));
      this.#db.run(sql.deleteFrom('enrolments').where('extension_id', '=', id));
      this.#db.run(sql.deleteFrom('seen_calls').where('extension_id', '=', id));
      this.#db.run(
        sql
          .deleteFrom('favourites')
          .where((e) => e.or([e('extension_id', '=', id), e('favourite_id', '=', id)])),
      );
      this.#db.run(
        sql
          .updateTable('extensions')
          .set({
            deleted_at: this.#clock.now(),
            secret_code_hash: null,
            voicemail_pin_hash: null,
            voicemail_mail: null,
            ha1_md5: null,
            ha1_sha256: null,
          })
          .where('id', '=', id),
      );
    });
  }
}

/** A row as the extension that it holds. */
export const extensionOf = (row: Row): StoredExtension => ({
  id: extensionId(row.id),
  organization: organizationId(row.organization_id),
  terminal: terminalId(row.terminal_id),
  number: extensionNumber(row.number),
  name: row.name,
  kind: row.kind,
  group: row.group_name,
  place: row.place,
  plan: row.plan_x === null || row.plan_y === null ? null : { x: row.plan_x, y: row.plan_y },
  callBack: row.call_back,
  language: spoken.read(row.language),
  doNotDisturb: flag.read(row.do_not_disturb),
  forwards: row.forwards === null ? NO_FORWARDS : json.read(row.forwards),
  allowVirtualization: flag.read(row.allow_virtualization),
  suspended: flag.read(row.suspended),
  stayLimits: row.stay_limits === null ? null : json.read(row.stay_limits),
  kiosk: flag.read(row.kiosk),
  hasSecretCode: row.secret_code_hash !== null,
  secretCodeHash: row.secret_code_hash,
  hasVoicemailPin: row.voicemail_pin_hash !== null,
  voicemailPinHash: row.voicemail_pin_hash,
  voicemailMail: row.voicemail_mail,
  digest:
    row.ha1_md5 === null || row.ha1_sha256 === null
      ? null
      : { ha1Md5: row.ha1_md5, ha1Sha256: row.ha1_sha256 },
});

const toRow = (extension: StoredExtension): Row => ({
  id: extension.id,
  organization_id: extension.organization,
  terminal_id: extension.terminal,
  number: extension.number,
  name: extension.name,
  kind: extension.kind,
  group_name: extension.group,
  place: extension.place,
  plan_x: extension.plan?.x ?? null,
  plan_y: extension.plan?.y ?? null,
  call_back: extension.callBack,
  language: extension.language,
  do_not_disturb: flag.write(extension.doNotDisturb),
  forwards: extension.forwards === NO_FORWARDS ? null : json.write(extension.forwards),
  allow_virtualization: flag.write(extension.allowVirtualization),
  suspended: flag.write(extension.suspended),
  stay_limits: extension.stayLimits && json.write(extension.stayLimits),
  kiosk: flag.write(extension.kiosk),
  secret_code_hash: extension.secretCodeHash,
  voicemail_pin_hash: extension.voicemailPinHash,
  voicemail_mail: extension.voicemailMail,
  ha1_md5: extension.digest?.ha1Md5 ?? null,
  ha1_sha256: extension.digest?.ha1Sha256 ?? null,
});
