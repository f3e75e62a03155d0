import { mayName, withoutPerson } from '../../../personal/erased-record.ts';
import { json } from '../columns.ts';
import type { Database } from '../database.ts';
import { type ArchiveKeys, ELSEWHERE, firstAt } from './archive-keys.ts';
import { indexedBy, type PartIndex } from './call-places.ts';
import { readRecord, recordForm } from './forms/record-form.ts';
import type { Person, PersonalExtension } from '../../../personal/person.ts';
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
  const theirs = callsWith(db, keys, organization, person.extension).as('theirs');
  return db.first(db.sql.selectFrom(theirs).select((e) => e.fn.countAll<number>().as('count')))?.count ?? 0;
}

/** Their numbers, each once. */
export function callsWith(
  { sql }: Database<ArchiveSchema>,
  keys: ArchiveKeys,
  organization: string,
  { id, terminal }: Pick<PersonalExtension, 'id' | 'terminal'>,
) {
  const by = (index: PartIndex) =>
    sql
      .selectFrom(indexedBy(index))
      .select('call_parts.sequence')
      .where('call_parts.organization', '=', keys.of(organization));
  const at = keys.of(terminal);
  return by('call_parts_extension')
    .where('call_parts.extension', '=', keys.of(id))
    .union(by('call_parts_terminal').where('call_parts.terminal', '=', at).where(ELSEWHERE))
    .union(
      by('call_parts_extension')
        .where('call_parts.extension', '=', firstAt(at))
        .where('call_parts.terminal', '=', at),
    );
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
