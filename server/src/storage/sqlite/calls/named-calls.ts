import { mayName, withoutPerson } from '../../../personal/erased-record.ts';
import { json } from '../columns.ts';
import type { Database } from '../database.ts';
import type { ArchiveKeys } from './archive-keys.ts';
import { readRecord, recordForm } from './forms/record-form.ts';
import type { Person } from '../../../personal/person.ts';
import type { ArchiveSchema } from './schema.ts';

/** Somebody in an organization, for what names them. */
export interface NamedCalls {
  readonly organization: string;
  readonly person: Person;
}

/** The records after that number. */
export interface UnnamedCalls extends NamedCalls {
  readonly after: number;
}

/** Records that are read in one step: others wait for the archive meanwhile. */
const STEP = 2_000;

/** The calls that count in some way for them, or were at their terminal. */
export function countNamed(
  db: Database<ArchiveSchema>,
  keys: ArchiveKeys,
  { organization, person }: NamedCalls,
): number {
  if (person.extension === null) return 0;
  const { id, terminal } = person.extension;
  const theirs = db.sql
    .selectFrom('call_parts')
    .select('sequence')
    .where('organization', '=', keys.of(organization));
  const all = theirs
    .where('extension', '=', keys.of(id))
    .union(theirs.where('terminal', '=', keys.of(terminal)))
    .as('all');
  return db.first(db.sql.selectFrom(all).select((e) => e.fn.countAll<number>().as('count')))?.count ?? 0;
}

/** Writes the next records anew in which they are named; nothing that is counted changes. @returns the number of the last one; `null` at the end. */
export function unname(
  db: Database<ArchiveSchema>,
  keys: ArchiveKeys,
  { organization, person, after }: UnnamedCalls,
): number | null {
  return db.transaction(() => {
    const some = db.all(
      db.sql
        .selectFrom('call_records')
        .select(['sequence', 'record'])
        .where('organization', '=', keys.of(organization))
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(STEP),
    );
    for (const { sequence, record } of some) {
      if (!mayName(person, record)) continue;
      const form = json.write(recordForm(withoutPerson(readRecord(json.read(record)), person)));
      if (form !== record)
        db.run(db.sql.updateTable('call_records').set({ record: form }).where('sequence', '=', sequence));
    }
    return some.length < STEP ? null : (some.at(-1)?.sequence ?? null);
  });
}
