import { AsyncLocalStorage } from 'node:async_hooks';
import type { AuditEntry, Facts, OrganizationId } from '@perch/shared';
import { extensionFacts, personFacts } from '../../../management/audit-facts.ts';
import type { ErasedEntry } from '../../../management/erased-entries.ts';
import type {
  AuditHead,
  AuditRepository,
  AuditSearch,
  AuditSubject,
  EntryToBe,
} from '../../../management/audit-repository.ts';
import { searched } from './audit-search.ts';
import { extensionOf } from '../book.ts';
import { json } from '../columns.ts';
import type { Database } from '../database.ts';
import { personOf } from '../people/people.ts';
import type { OrganizationSchema } from '../schema.ts';

type Row = OrganizationSchema['audit'];
type HeadRow = OrganizationSchema['audit_heads'];

/** An entry that waits for the change that it tells of. */
interface Waiting {
  readonly entry: () => EntryToBe | undefined;
  isOver: boolean;
}

export class Audit implements AuditRepository {
  readonly #db: Database<OrganizationSchema>;
  readonly #statements: ReturnType<typeof prepare>;
  /** Which entry waits is known by who began the work, however many steps later the change is made. */
  readonly #waiting = new AsyncLocalStorage<Waiting>();

  constructor(db: Database<OrganizationSchema>) {
    this.#db = db;
    this.#statements = prepare(db);
    db.accompany(() => {
      const waiting = this.#waiting.getStore();
      const entry = waiting?.isOver === false ? waiting.entry() : undefined;
      return waiting && entry && { add: () => this.#addTo(entry), committed: () => (waiting.isOver = true) };
    });
  }

  async together<Result>(
    entry: () => EntryToBe | undefined,
    work: () => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly isNoted: boolean }> {
    const waiting: Waiting = { entry, isOver: false };
    try {
      const result = await this.#waiting.run(waiting, work);
      return { result, isNoted: waiting.isOver };
    } finally {
      // What it has begun may go on: that is no longer this deed.
      waiting.isOver = true;
    }
  }

  async facts(organization: OrganizationId, subject: AuditSubject): Promise<Facts | null> {
    return this.#facts(organization, subject);
  }

  async append(
    organization: OrganizationId,
    next: (last: AuditHead | undefined) => AuditEntry,
  ): Promise<void> {
    this.add(organization, next);
  }

  /** For a change that is to be stored together with its entry, or not at all. */
  add(organization: OrganizationId, next: (last: AuditHead | undefined) => AuditEntry): void {
    this.#db.transaction(() => {
      const { before, after, ...entry } = next(this.#head(organization));
      const facts = { before: json.write(before), after: json.write(after) };
      this.#statements.add.run({ organization_id: organization, ...entry, ...facts });
      this.#statements.setHead.run({ organization_id: organization, ...entry });
    });
  }

  async head(organization: OrganizationId): Promise<AuditHead | undefined> {
    return this.#head(organization);
  }

  async forgotten(organization: OrganizationId): Promise<AuditHead | undefined> {
    return this.#db.first(
      this.#db.sql
        .selectFrom('audit_forgotten')
        .select(['position', 'seal'])
        .where('organization_id', '=', organization),
    );
  }

  async erased(organization: OrganizationId): Promise<readonly ErasedEntry[]> {
    return this.#db.all(
      this.#db.sql
        .selectFrom('audit_erased')
        .select(['position', 'erasure', 'seal'])
        .where('organization_id', '=', organization)
        .orderBy('position')
        .orderBy('erasure'),
    );
  }

  /** Deletes the oldest entries that were made before then, so many at most; the seal of the last one stays. @returns how many. */
  forget(organization: OrganizationId, before: number, most: number): number {
    return this.#db.transaction(() => {
      const { sql: query } = this.#db;
      const oldest = this.#db.all(this.#of(organization).orderBy('position').limit(most));
      const young = oldest.findIndex(({ at }) => at >= before);
      const old = young === -1 ? oldest : oldest.slice(0, young);
      const last = old.at(-1);
      if (last === undefined) return 0;
      const { position, seal } = last;
      this.#db.run(
        query
          .insertInto('audit_forgotten')
          .values({ organization_id: organization, position, seal })
          .onConflict((on) => on.column('organization_id').doUpdateSet({ position, seal })),
      );
      this.#db.run(
        query
          .deleteFrom('audit')
          .where('organization_id', '=', organization)
          .where('position', '<=', position),
      );
      // What was changed is older than the entry on the erasure: it is gone, too.
      this.#db.run(
        query
          .deleteFrom('audit_erased')
          .where('organization_id', '=', organization)
          .where('erasure', '<=', position),
      );
      return old.length;
    });
  }

  async read(
    organization: OrganizationId,
    search: AuditSearch,
    limit: number,
  ): Promise<readonly AuditEntry[]> {
    return (await searched(this.#db, organization, search, limit)).map(entryOf);
  }

  async readOn(organization: OrganizationId, after: number, limit: number): Promise<readonly AuditEntry[]> {
    const rows = this.#of(organization).where('position', '>', after);
    return this.#db.all(rows.orderBy('position').limit(limit)).map(entryOf);
  }

  #of(organization: OrganizationId) {
    return this.#db.sql.selectFrom('audit').selectAll().where('organization_id', '=', organization);
  }

  #addTo({ organization, subject, next }: EntryToBe): void {
    const after = subject && this.#facts(organization, subject);
    this.add(organization, (last) => next(last, after));
  }

  #facts(organization: OrganizationId, subject: AuditSubject): Facts | null {
    return subject.kind === 'extension'
      ? this.#extensionFacts(organization, subject.number)
      : this.#personFacts(organization, subject.id);
  }

  #extensionFacts(organization: OrganizationId, number: string): Facts | null {
    const row = this.#db.first(
      this.#db.sql
        .selectFrom('extensions')
        .selectAll()
        .where('organization_id', '=', organization)
        .where('number', '=', number)
        .where('deleted_at', 'is', null),
    );
    return row ? extensionFacts(extensionOf(row)) : null;
  }

  #personFacts(organization: OrganizationId, id: string): Facts | null {
    const { sql: write } = this.#db;
    const row = this.#db.first(
      write.selectFrom('people').selectAll().where('organization_id', '=', organization).where('id', '=', id),
    );
    if (!row) return null;
    const person = personOf(row);
    const own = write.selectFrom('extensions').select('number').where('id', '=', person.extension);
    const factor = write.selectFrom('second_factors').select('last_step').where('person_id', '=', id);
    const identity = write.selectFrom('identities').select('issuer').where('person_id', '=', id);
    return personFacts(person, {
      extension: this.#db.first(own)?.number ?? null,
      hasSecondFactor: typeof this.#db.first(factor)?.last_step === 'number',
      hasProvider: this.#db.first(identity) !== undefined,
    });
  }

  #head(organization: OrganizationId): AuditHead | undefined {
    return this.#statements.head.all({ organization_id: organization })[0];
  }
}

/** For what is done for each entry: every move at a desk has one. */
function prepare(db: Database<OrganizationSchema>) {
  const { sql } = db;
  return {
    head: db.prepare<Pick<HeadRow, 'organization_id'>>()((p) =>
      sql
        .selectFrom('audit_heads')
        .select(['position', 'seal'])
        .where('organization_id', '=', p('organization_id')),
    ),
    add: db.prepare<Pick<Row, keyof Row>>()((p) =>
      sql.insertInto('audit').values({
        organization_id: p('organization_id'),
        position: p('position'),
        at: p('at'),
        who: p('who'),
        address: p('address'),
        action: p('action'),
        about: p('about'),
        result: p('result'),
        before: p('before'),
        after: p('after'),
        seal: p('seal'),
      }),
    ),
    setHead: db.prepare<Pick<HeadRow, keyof HeadRow>>()((p) =>
      sql
        .insertInto('audit_heads')
        .values({
          organization_id: p('organization_id'),
          position: p('position'),
          seal: p('seal'),
        })
        .onConflict((on) =>
          on.column('organization_id').doUpdateSet({ position: p('position'), seal: p('seal') }),
        ),
    ),
  };
}

/** A row as the entry that it holds. */
export const entryOf = ({ organization_id: _, before, after, ...rest }: Row): AuditEntry => ({
  ...rest,
  before: json.read(before),
  after: json.read(after),
});
