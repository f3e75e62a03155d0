import type { VoicemailTables } from '../../schema/voicemail.ts';
import { type Holdings, emailsOf, idOf } from './holding.ts';

export const VOICEMAIL_HOLDINGS: Holdings<VoicemailTables> = {
  voicemail_mailboxes: {
    name: 'mailbox',
    rows: ({ db, person }) =>
      db.all(
        db.sql
          .selectFrom('voicemail_mailboxes')
          .select(['greeting_duration_ms', 'greeting_at', 'pin_guesses'])
          .where('extension_id', '=', idOf(person)),
      ),
    *erase({ db, person }) {
      yield db.run(db.sql.deleteFrom('voicemail_mailboxes').where('extension_id', '=', idOf(person)));
    },
  },
  voicemail_messages: {
    name: 'messages',
    rows: ({ db, person }) =>
      db.all(
        db.sql
          .selectFrom('voicemail_messages')
          .select(['id', 'at', 'duration_ms', 'reason', 'heard', 'deleted_at', 'from_number', 'from_name'])
          .where('extension_id', '=', idOf(person))
          .orderBy('at'),
      ),
    *erase({ db, person }) {
      yield db.run(db.sql.deleteFrom('voicemail_messages').where('extension_id', '=', idOf(person)));
    },
  },
  mail_outbox: {
    *erase({ db, organization, person }) {
      const ours = db.sql
        .selectFrom('voicemail_messages')
        .select('id')
        .where('organization_id', '=', organization);
      yield db.run(
        db.sql
          .deleteFrom('mail_outbox')
          .where('recipient', 'in', emailsOf(person))
          .where('message_id', 'in', ours),
      );
    },
  },
};
