import { sql, type SqlBool } from 'kysely';
import { ERASED } from '../../../../personal/person.ts';
import type { WebhookTables } from '../../schema/webhooks.ts';
import { type Holdings, emailsOf, NOTHING } from './holding.ts';

export const WEBHOOK_HOLDINGS: Holdings<WebhookTables> = {
  webhook_cursors: NOTHING,
  webhooks: {
    *erase({ db, person }) {
      yield db.run(
        db.sql.updateTable('webhooks').set({ made_by: ERASED }).where('made_by', 'in', emailsOf(person)),
      );
    },
  },
  /** Messages to other programs: what they have been told is theirs, what still waits is not told any more. */
  webhook_messages: {
    *erase({ db, organization, person }) {
      const { extension, names } = person;
      const words = [...(extension === null ? [] : [extension.number]), ...names, ...emailsOf(person)];
      const webhooks = db.sql.selectFrom('webhooks').select('id').where('organization_id', '=', organization);
      for (const word of words)
        yield db.run(
          db.sql
            .deleteFrom('webhook_messages')
            .where('webhook_id', 'in', webhooks)
            .where(sql<SqlBool>`instr(body, ${JSON.stringify(word)}) > 0`),
        );
    },
  },
};
