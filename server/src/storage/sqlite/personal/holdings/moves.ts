import { type Expression, sql, type SqlBool } from 'kysely';
import { ERASED, timeOf, type Person } from '../../../../personal/person.ts';
import type { MoveTables } from '../../schema/moves.ts';
import { type Holdings, type Whose, emailsOf, idOf, NOTHING } from './holding.ts';

export const MOVE_HOLDINGS: Holdings<MoveTables> = {
  virtualizations: NOTHING,
  stay_terms: NOTHING,
  guessing_buckets: {
    *erase({ db, person }) {
      const ids = [idOf(person), person.extension?.terminal ?? ''];
      yield db.run(db.sql.deleteFrom('guessing_buckets').where('id', 'in', ids));
    },
  },
  virtualization_records: {
    name: 'moves',
    rows: ({ db, person }) =>
      db.all(
        db.sql
          .selectFrom('virtualization_records')
          .select(['at', 'action', 'way', 'who', 'asked', 'result', 'endings'])
          .where((e) =>
            e.or([
              e('extension_id', '=', idOf(person)),
              e('terminal_id', '=', person.extension?.terminal ?? ''),
            ]),
          )
          .orderBy('sequence'),
      ),
    *erase(whose) {
      const { db, person } = whose;
      for (const [from, until] of stretches(whose, 'virtualization_records')) {
        const some = db.sql
          .updateTable('virtualization_records')
          .where('organization_id', '=', whose.organization)
          .where('sequence', '>=', from)
          .where('sequence', '<', until);
        db.run(
          some
            .set({ who: ERASED })
            .where((e) => e.or([e('who', 'in', emailsOf(person)), inTheirTime(person, 'who', 'at')])),
        );
        yield db.run(some.set({ asked: '' }).where(inTheirTime(person, 'asked', 'at')));
      }
    },
  },
  desk_stays: {
    name: 'stays',
    rows: ({ db, organization, person }) =>
      db.all(
        db.sql
          .selectFrom('desk_stays')
          .select([
            'number',
            'name',
            'desk_number',
            'desk_name',
            'since',
            'way',
            'until',
            'ended_by',
            'ended_way',
            'ender',
          ])
          .where('organization_id', '=', organization)
          .where((e) => e.or([e('extension_id', '=', idOf(person)), e('desk_id', '=', idOf(person))]))
          .orderBy('since'),
      ),
    *erase(whose) {
      const { db, organization, person } = whose;
      const stays = db.sql.updateTable('desk_stays').where('organization_id', '=', organization);
      yield db.run(stays.set({ number: '', name: ERASED }).where('extension_id', '=', idOf(person)));
      yield db.run(stays.set({ desk_number: '', desk_name: ERASED }).where('desk_id', '=', idOf(person)));
      const asEnder = person.names.map((name) => `${person.extension?.number ?? ''} ${name}`);
      for (const [from, until] of stretches(whose, 'desk_stays'))
        yield db.run(
          stays
            .set({ ender: ERASED })
            .where('sequence', '>=', from)
            .where('sequence', '<', until)
            .where((e) =>
              e.or([
                e('ender', 'in', [...emailsOf(person), ...asEnder]),
                inTheirTime(person, 'ender', 'until'),
              ]),
            ),
        );
    },
  },
};

/** Rows that are looked at in one step: calls and pages must not notice it. */
const STEP = 5_000;

/** The column is their number, at a time when it was theirs. */
function inTheirTime({ extension }: Person, column: string, at: string): Expression<SqlBool> {
  if (extension === null) return sql<SqlBool>`false`;
  const { from, until } = timeOf(extension);
  return sql<SqlBool>`${sql.ref(column)} = ${extension.number} and ${sql.ref(at)} between ${from} and ${until}`;
}

/** The numbers of the rows of a table, a step at a time. */
function* stretches(
  { db }: Whose,
  table: 'virtualization_records' | 'desk_stays',
): Generator<readonly [number, number]> {
  const last = db.first(db.sql.selectFrom(table).select((e) => e.fn.max('sequence').as('last')))?.last ?? 0;
  for (let from = 0; from <= last; from += STEP) yield [from, from + STEP];
}
