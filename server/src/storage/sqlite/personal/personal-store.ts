import { extensionId, type HeldCounts, type OrganizationId, recordingId, terminalId } from '@perch/shared';
import { sql } from 'kysely';
import { ERASED, type Person, timeOf } from '../../../personal/person.ts';
import type { HeldSound, Holding, PersonalStore } from '../../../personal/ports.ts';
import type { Audit } from '../audit/audit.ts';
import type { RecordArchive } from '../calls/record-archive.ts';
import type { Clock } from '../../../world/clock.ts';
import { json } from '../columns.ts';
import type { Database } from '../database.ts';
import type { OrganizationSchema } from '../schema.ts';
import { AuditErasure, auditOf } from './audit-erasure.ts';
import { HOLDINGS } from './holdings.ts';
import type { Whose } from './holdings/holding.ts';
import { plainRow } from './plain-row.ts';

type Row = Pick<
  OrganizationSchema['extensions'],
  'id' | 'terminal_id' | 'number' | 'name' | 'created_at' | 'deleted_at'
>;

interface Ports {
  readonly db: Database<OrganizationSchema>;
  readonly archive: RecordArchive;
  readonly audit: Audit;
  readonly clock: Clock;
}

/** What is held about the people of one organization. */
export class OrganizationPersonalStore implements PersonalStore {
  readonly #ports: Ports;
  readonly #organization: OrganizationId;
  /** Of the erasure that is under way: one at a time. */
  #audited: AuditErasure | undefined;

  constructor(ports: Ports, organization: OrganizationId) {
    this.#ports = ports;
    this.#organization = organization;
  }

  async people(text: string, most: number): Promise<readonly Person[]> {
    const { db } = this.#ports;
    const pattern = `%${text.replaceAll(/[\\%_]/g, (one) => `\\${one}`)}%`;
    const like = (column: string) => sql<boolean>`${sql.ref(column)} LIKE ${pattern} ESCAPE '\\'`;
    const own = db.all(
      this.#extensions()
        .where((e) =>
          e.or([
            ...[like('extensions.name'), like('extensions.number')],
            e.exists(
              e
                .selectFrom('people')
                .select('people.id')
                .whereRef('people.extension_id', '=', 'extensions.id')
                .where(like('people.email')),
            ),
          ]),
        )
        .orderBy('extensions.name')
        .limit(most),
    );
    const alone = db.all(
      this.#accounts().where('extension_id', 'is', null).where(like('email')).orderBy('email').limit(most),
    );
    return [
      ...own.map((row) => this.#personOf(row)),
      ...alone.map(({ id, email }): Person => ({
        id,
        extension: null,
        accounts: [{ id, email }],
        names: [],
      })),
    ].slice(0, most);
  }

  async person(id: string): Promise<Person | undefined> {
    const { db } = this.#ports;
    const row = db.first(this.#extensions().where('id', '=', id));
    if (row) return this.#personOf(row);
    const account = db.first(this.#accounts().where('id', '=', id));
    if (!account) return undefined;
    const { extension_id: extension, email } = account;
    return extension === null
      ? { id, extension: null, accounts: [{ id, email }], names: [] }
      : this.person(extension);
  }

  async count(person: Person): Promise<HeldCounts> {
    const { db, archive } = this.#ports;
    const whose = this.#whose(person);
    const rows = (table: keyof OrganizationSchema) => HOLDINGS[table].rows?.(whose).length ?? 0;
    const calls = await archive.named({ organization: this.#organization, person });
    const sounds = await this.sounds(person);
    let auditEntries = 0;
    for await (const _ of auditOf(db, { organization: this.#organization, person })) auditEntries += 1;
    return {
      calls,
      stays: rows('desk_stays'),
      moves: rows('virtualization_records'),
      messages: sounds.filter(({ kind }) => kind === 'message').length,
      greetings: sounds.filter(({ kind }) => kind === 'greeting').length,
      messagesLeft: await this.messagesLeft(person),
      auditEntries,
      phones: rows('terminal_tokens'),
      accounts: rows('people'),
      sessions: rows('sessions'),
      tokens: rows('api_tokens'),
    };
  }

  holdings(person: Person): readonly Holding[] {
    const whose = this.#whose(person);
    const named = Object.values(HOLDINGS).flatMap(({ name, rows }) =>
      name && rows ? [{ name, rows: rows(whose).map(plainRow) }] : [],
    );
    const audit = { name: 'audit', rows: auditOf(whose.db, { organization: this.#organization, person }) };
    return [...named, audit];
  }

  async sounds({ extension }: Person): Promise<readonly HeldSound[]> {
    if (extension === null) return [];
    const { db } = this.#ports;
    const messages = db.sql
      .selectFrom('voicemail_messages')
      .select(['id', 'at'])
      .where('extension_id', '=', extension.id);
    const greeting = db.sql
      .selectFrom('voicemail_mailboxes')
      .select(['greeting_id as id', 'greeting_at as at'])
      .where('extension_id', '=', extension.id)
      .where('greeting_id', 'is not', null);
    return [
      ...db.all(messages).map(({ id, at }) => ({ id: recordingId(id), kind: 'message' as const, at })),
      ...db
        .all(greeting)
        .map(({ id, at }) => ({ id: recordingId(id ?? ''), kind: 'greeting' as const, at: at ?? 0 })),
    ];
  }

  async forgetSounds(person: Person): Promise<void> {
    const whose = this.#whose(person);
    for (const table of ['voicemail_messages', 'voicemail_mailboxes'] as const)
      for (const _ of HOLDINGS[table].erase?.(whose) ?? []);
  }

  async *scrub(person: Person): AsyncGenerator {
    const { db, archive, audit } = this.#ports;
    yield* archive.unname({ organization: this.#organization, person });
    // The extension itself comes last: until then it is known since when it has not had its number.
    const whose = this.#whose(person);
    for (const [table, { erase }] of Object.entries(HOLDINGS))
      if (erase && table !== 'extensions') yield* erase(whose);
    this.#audited = new AuditErasure(db, audit, { organization: this.#organization, person });
    yield* this.#audited.find();
  }

  async finish(person: Person): Promise<void> {
    const { db, audit, clock } = this.#ports;
    const audited =
      this.#audited ?? new AuditErasure(db, audit, { organization: this.#organization, person });
    this.#audited = undefined;
    db.transaction(() => {
      audited.finish(clock.now());
      for (const _ of HOLDINGS.extensions.erase?.(this.#whose(person)) ?? []);
      const toBeCleaned = { person: json.write<Person | null>(null) };
      db.run(db.sql.updateTable('erasures').set(toBeCleaned).where('person_id', '=', person.id));
    });
  }

  #whose(person: Person): Whose {
    return { db: this.#ports.db, organization: this.#organization, person };
  }

  async asDeleted(person: Person): Promise<Person> {
    const { extension } = person;
    const now = extension && this.#ports.db.first(this.#extensions().where('id', '=', extension.id));
    return now ? { ...person, extension: { ...extension, deletedAt: now.deleted_at } } : person;
  }

  #personOf(row: Row): Person {
    const { db } = this.#ports;
    const { id, terminal_id, number, name, created_at: createdAt, deleted_at: deletedAt } = row;
    const once = db.all(
      db.sql
        .selectFrom('desk_stays')
        .select('name')
        .distinct()
        .where('organization_id', '=', this.#organization)
        .where('extension_id', '=', id),
    );
    return {
      id,
      extension: {
        id: extensionId(id),
        terminal: terminalId(terminal_id),
        number,
        name,
        createdAt,
        deletedAt,
      },
      accounts: db
        .all(this.#accounts().where('extension_id', '=', id))
        .map(({ id: account, email }) => ({ id: account, email })),
      names: [...new Set([name, ...once.map((stay) => stay.name)])],
    };
  }

  async messagesLeft({ extension }: Person): Promise<number> {
    if (extension === null) return 0;
    const { db } = this.#ports;
    const { from, until } = timeOf(extension);
    const left = db.sql
      .selectFrom('voicemail_messages')
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('organization_id', '=', this.#organization)
      .where('from_number', '=', extension.number)
      .where('at', '>=', from)
      .where('at', '<=', until);
    return db.first(left)?.count ?? 0;
  }

  /** Of people, those who have been erased left out. */
  #extensions() {
    return this.#ports.db.sql
      .selectFrom('extensions')
      .select(['id', 'terminal_id', 'number', 'name', 'created_at', 'deleted_at'])
      .where('organization_id', '=', this.#organization)
      .where('kind', '=', 'person')
      .where((e) => e.or([e('number', '<>', ''), e('name', '<>', ERASED)]));
  }

  #accounts() {
    return this.#ports.db.sql
      .selectFrom('people')
      .select(['id', 'email', 'extension_id'])
      .where('organization_id', '=', this.#organization);
  }
}
