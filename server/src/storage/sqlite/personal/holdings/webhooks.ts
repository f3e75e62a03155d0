import { tellsOf } from '../../../../personal/erased-message.ts';
import { ERASED } from '../../../../personal/person.ts';
import type { WebhookTables } from '../../schema/webhooks.ts';
import { type Holdings, emailsOf, NOTHING } from './holding.ts';

/** Messages that are looked at in one step. */
const STEP = 500;

export const WEBHOOK_HOLDINGS: Holdings<WebhookTables> = {
  webhook_cursors: NOTHING,
  webhooks: {
    *erase({ db, organization, person }) {
      yield db.run(
        db.sql
          .updateTable('webhooks')
          .set({ made_by: ERASED })
          .where('organization_id', '=', organization)
          .where('made_by', 'in', emailsOf(person)),
      );
    },
  },
  /** Messages to other programs: what they have been told is theirs, what still waits is not told any more. */
  webhook_messages: {
    *erase({ db, organization, person }) {
      const webhooks = db.sql.selectFrom('webhooks').select('id').where('organization_id', '=', organization);
      const some = db.sql
        .selectFrom('webhook_messages')
        .select(['id', 'body'])
        .where('webhook_id', 'in', webhooks)
        .orderBy('id')
        .limit(STEP);
      for (let after = ''; ;) {
        const rows = db.all(some.where('id', '>', after));
        const theirs = rows.filter(({ body }) => tellsOf(person, body)).map(({ id }) => id);
        yield db.run(db.sql.deleteFrom('webhook_messages').where('id', 'in', theirs));
        after = rows.at(-1)?.id ?? '';
        if (rows.length < STEP) return;
      }
    },
  },
};
