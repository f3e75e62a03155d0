import { type AuditEntry, ERASURE_DEED, NIGHTLY, type OrganizationId } from '@perch/shared';
import { entryAfter, erasedSeal } from '../../../management/audit.ts';
import { type ErasedEntry, factsOfErasure } from '../../../management/erased-entries.ts';
import { entryWithout } from '../../../personal/erased-entry.ts';
import type { Person } from '../../../personal/person.ts';
import { type Audit, entryOf } from '../audit.ts';
import { json } from '../columns.ts';
import type { Database } from '../database.ts';
import type { OrganizationSchema } from '../schema.ts';

/** Entries that are looked at in one step. */
const STEP = 1_000;

/** Whose audit, and who is to be named in it no longer. */
interface Named {
  readonly organization: OrganizationId;
  readonly person: Person;
}

/** The entries that name somebody, as they are without; a step at a time, after that position. */
function* entriesNaming(db: Database<OrganizationSchema>, { organization, person }: Named, after: number) {
  for (let position = after; ;) {
    const rows = db.all(
      db.sql
        .selectFrom('audit')
        .selectAll()
        .where('organization_id', '=', organization)
        .where('position', '>', position)
        .orderBy('position')
        .limit(STEP),
    );
    const changed: AuditEntry[] = [];
    for (const entry of rows.map(entryOf)) {
      const without = entryWithout(entry, person);
      if (without !== entry) changed.push(without);
      position = entry.position;
    }
    yield { changed, through: position };
    if (rows.length < STEP) return;
  }
}

/** How many entries name them. */
export function countNaming(db: Database<OrganizationSchema>, named: Named): number {
  let count = 0;
  for (const { changed } of entriesNaming(db, named, 0)) count += changed.length;
  return count;
}

/** What the entries that name them said, before anything was changed: for their archive. */
export function* auditOf(db: Database<OrganizationSchema>, named: Named): Generator<AuditEntry> {
  for (const { changed } of entriesNaming(db, named, 0)) {
    if (changed.length === 0) continue;
    const positions = changed.map(({ position }) => position);
    yield* db
      .all(
        db.sql
          .selectFrom('audit')
          .selectAll()
          .where('organization_id', '=', named.organization)
          .where('position', 'in', positions)
          .orderBy('position'),
      )
      .map(entryOf);
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
    for (const { changed, through } of entriesNaming(this.#db, this.#named, this.#through)) {
      this.#changed.push(...changed);
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
