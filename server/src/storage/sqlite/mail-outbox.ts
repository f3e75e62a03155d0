import { organizationId, recordingId } from '@perch/shared';
import type { RecordingId } from '@perch/shared';
import type { Outbox, OutgoingMail } from '../../mail/ports.ts';
import { flag, spoken } from './columns.ts';
import type { Database } from './database.ts';
import type { OrganizationSchema } from './schema.ts';

/** Mail of every organization that waits to be sent; its rows are made with those of the messages. */
export class MailOutbox implements Outbox {
  readonly #db: Database<OrganizationSchema>;

  constructor(db: Database<OrganizationSchema>) {
    this.#db = db;
  }

  async due(now: number): Promise<OutgoingMail | undefined> {
    const row = this.#db.first(
      this.#sendable()
        .select([
          'mail_outbox.message_id',
          'mail_outbox.recipient',
          'mail_outbox.attempts',
          'voicemail_messages.organization_id',
          'voicemail_messages.from_number',
          'voicemail_messages.from_name',
          'voicemail_messages.at',
          'voicemail_messages.duration_ms',
          'voicemail_messages.reason',
          'extensions.number',
          'extensions.name',
          'extensions.language',
          'organizations.language as common_language',
        ])
        .where('mail_outbox.next_attempt_at', '<=', now)
        .orderBy('mail_outbox.next_attempt_at')
        .limit(1),
    );
    return (
      row && {
        organization: organizationId(row.organization_id),
        message: recordingId(row.message_id),
        to: row.recipient,
        mailbox: { number: row.number, name: row.name },
        from: { number: row.from_number, name: row.from_name },
        language: spoken.read(row.language) ?? spoken.read(row.common_language) ?? 'en',
        at: row.at,
        durationMs: row.duration_ms,
        reason: row.reason,
        attempts: row.attempts,
      }
    );
  }

  async postpone(message: RecordingId, until: number): Promise<void> {
    this.#db.run(
      this.#db.sql
        .updateTable('mail_outbox')
        .set((e) => ({ attempts: e('attempts', '+', 1), next_attempt_at: until }))
        .where('message_id', '=', message),
    );
  }

  async forget(message: RecordingId): Promise<void> {
    this.#db.run(this.#db.sql.deleteFrom('mail_outbox').where('message_id', '=', message));
  }

  async forgetOlderThan(instant: number): Promise<number> {
    return this.#db.run(this.#db.sql.deleteFrom('mail_outbox').where('created_at', '<', instant));
  }

  async size(): Promise<number> {
    const count = this.#db.sql.selectFrom('mail_outbox').select((e) => e.fn.countAll<number>().as('count'));
    return this.#db.first(count)?.count ?? 0;
  }

  #sendable() {
    return this.#db.sql
      .selectFrom('mail_outbox')
      .innerJoin('voicemail_messages', 'voicemail_messages.id', 'mail_outbox.message_id')
      .innerJoin('extensions', 'extensions.id', 'voicemail_messages.extension_id')
      .innerJoin('organizations', 'organizations.id', 'voicemail_messages.organization_id')
      .where('voicemail_messages.deleted_at', 'is', null)
      .where('extensions.suspended', '=', flag.write(false))
      .whereRef('extensions.voicemail_mail', '=', 'mail_outbox.recipient');
  }
}
