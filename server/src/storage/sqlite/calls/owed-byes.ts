import type { OrganizationId } from '@perch/shared';
import type { CallStore, OwedBye } from '../../../exchange/ports.ts';
import { json, type Json } from '../columns.ts';
import type { Database } from '../database.ts';
import type { JournalSchema } from './schema.ts';

/** The BYEs that phones have not answered, of all organizations. Most calls never have one here: each write is a transaction of its own. */
export class OwedByeRows {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: Database<JournalSchema>) {
    this.#statements = prepare(db);
  }

  storeOf(organization: OrganizationId): Pick<CallStore, 'loadOwed' | 'owe' | 'pay'> {
    const { all, insert, remove } = this.#statements;
    return {
      loadOwed: async () => all.all({ organization }).map(({ bye }) => json.read(bye)),
      owe: async (bye) => insert.run({ tag: bye.tag, organization, bye: json.write(bye) }),
      pay: async (tag) => remove.run({ tag }),
    };
  }
}

function prepare(db: Database<JournalSchema>) {
  const { sql } = db;
  return {
    all: db.prepare<{ organization: string }>()((p) =>
      sql.selectFrom('owed_byes').select('bye').where('organization_id', '=', p('organization')),
    ),
    insert: db.prepare<{ tag: string; organization: string; bye: Json<OwedBye> }>()((p) =>
      sql
        .replaceInto('owed_byes')
        .values({ tag: p('tag'), organization_id: p('organization'), bye: p('bye') }),
    ),
    remove: db.prepare<{ tag: string }>()((p) => sql.deleteFrom('owed_byes').where('tag', '=', p('tag'))),
  };
}
