import { type AuditEntry, ERASURE_DEED, NIGHTLY, type OrganizationId } from '@perch/shared';
import { type Expression, sql, type SqlBool } from 'kysely';
import { entryAfter, erasedSeal } from '../../../management/audit.ts';
import { type ErasedEntry, factsOfErasure } from '../../../management/erased-entries.ts';
import { entryWithout } from '../../../personal/erased-entry.ts';
import { ERASED, type Person } from '../../../personal/person.ts';
import { type Audit, entryOf } from '../audit/audit.ts';
import { json } from '../columns.ts';
import type { Database } from '../database.ts';
import type { OrganizationSchema } from '../schema.ts';

/** Positions that are looked at in one step: calls and pages must not notice it. */
export const STEP = 2_000;

/** Whose audit, and who is to be named in it no longer. */
interface Named {
  readonly organization: OrganizationId;
  readonly person: Person;
}

/** An entry that names somebody: as it is, and as it is without. */
interface Naming {
  readonly entry: AuditEntry;
  readonly without: AuditEntry;
}

/** The entries that name somebody; a step at a time, after that position. */
function* entriesNaming(
  db: Database<OrganizationSchema>,
  { organization, person }: Named,
  after: number,
): Generator<{ readonly naming: readonly Naming[]; readonly through: number }> {
  const mayName = mentions(person);
  const newest = db.first(
    db.sql.selectFrom('audit_heads').select('position').where('organization_id', '=', organization),
  );
  for (let from = after; from < (newest?.position ?? 0); from += STEP) {
    const rows = db.all(
      db.sql
        .selectFrom('audit')
        .selectAll()
        .where('organization_id', '=', organization)
        .where('position', '>', from)
        .where('position', '<=', from + STEP)
        .where(mayName)
        .orderBy('position'),
    );
    const naming = rows.map(entryOf).flatMap((entry) => {
      const without = entryWithout(entry, person);
      return without === entry ? [] : [{ entry, without }];
    });
    yield { naming, through: Math.min(from + STEP, newest?.position ?? 0) };
  }
}

/** Is anything in an entry by which it could name them? `entryWithout` decides. */
function mentions({ extension, accounts, names }: Person): Expression<SqlBool> {
  const words = [extension?.number ?? '', ...names, ...accounts.flatMap(({ id, email }) => [id, email])];
  const asFact = (word: string): string => JSON.stringify(word).slice(1, -1);
  const found = words
    .filter((word) => word !== '' && word !== ERASED)
    .flatMap((word) => [
      ...['who', 'about'].map((column) => sql<SqlBool>`instr(${sql.ref(column)}, ${word}) > 0`),
      ...['before', 'after'].map((column) => sql<SqlBool>`instr(${sql.ref(column)}, ${asFact(word)}) > 0`),
    ]);
  return found.length === 0 ? sql<SqlBool>`false` : sql<SqlBool>`(${sql.join(found, sql` or `)})`;
}

/** The entries that name them, as they are; others have their turn after each step. */
export async function* auditOf(db: Database<OrganizationSchema>, named: Named): AsyncGenerator<AuditEntry> {
  for (const { naming } of entriesNaming(db, named, 0)) {
    yield* naming.map(({ entry }) => entry);
    await new Promise(setImmediate);
  }
}

/** Looks the audit through, step by step, for `finishErasure`. */
export class AuditErasure {
  readonly #db: Database<OrganizationSchema>;
  readonly #audit: Audit;
  readonly #named: Named;
  readonly #changed: AuditEntry[] = [];
  #through = 0;

  constructor(db: Database<OrganizationSchema>, audit: Audit, named: Named) {
    this.#db = db;
    this.#audit = audit;
    this.#named = named;
  }

  *find(): Generator {
    for (const { naming, through } of entriesNaming(this.#db, this.#named, this.#through)) {
      this.#changed.push(...naming.map(({ without }) => without));
      this.#through = through;
      yield through;
    }
  }

  /** Changes what was found and what has come since, and adds the entry on that; within a transaction. */
  finish(at: number): void {
    const { organization } = this.#named;
    for (const _ of this.find());
    this.#audit.add(organization, (last) => {
      const erasure = (last?.position ?? 0) + 1;
      const erased = this.#changed.map((entry) => this.#erase(entry, erasure));
      const noted = {
        who: NIGHTLY,
        address: null,
        action: ERASURE_DEED,
        about: null,
        result: 'done',
        before: null,
      };
      return entryAfter(last, organization, at, { ...noted, after: factsOfErasure(erased) });
    });
  }

  #erase(entry: AuditEntry, erasure: number): ErasedEntry {
    const { organization } = this.#named;
    const { position, who, address, about, before, after } = entry;
    const erased = { position, erasure, seal: erasedSeal(organization, entry) };
    this.#db.run(
      this.#db.sql.insertInto('audit_erased').values({ organization_id: organization, ...erased }),
    );
    this.#db.run(
      this.#db.sql
        .updateTable('audit')
        .set({ who, address, about, before: json.write(before), after: json.write(after) })
        .where('organization_id', '=', organization)
        .where('position', '=', position),
    );
    return erased;
  }
}
