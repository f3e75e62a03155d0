import { extensionId, recordingId } from '@perch/shared';
import type { OrganizationId, RecordingId } from '@perch/shared';
import type { Greeting, MailboxStore, Message, StoredMailbox } from '../../exchange/voicemail/ports.ts';
import { hasNoPinGuesses } from '../../network/machines/pin-guesses.ts';
import type { Clock } from '../../world/clock.ts';
import { flag, json } from './columns.ts';
import type { Database } from './database.ts';
import type { OrganizationSchema } from './schema.ts';

type MessageRow = Omit<OrganizationSchema['voicemail_messages'], 'organization_id'>;
type MailboxRow = Omit<OrganizationSchema['voicemail_mailboxes'], 'organization_id'>;

/** The mailboxes of one organization. */
export class OrganizationMailboxes implements MailboxStore {
  readonly #db: Database<OrganizationSchema>;
  readonly #organization: OrganizationId;
  readonly #clock: Clock;

  constructor(db: Database<OrganizationSchema>, organization: OrganizationId, clock: Clock) {
    this.#db = db;
    this.#organization = organization;
    this.#clock = clock;
  }

  async load(): Promise<{
    readonly messages: readonly Message[];
    readonly mailboxes: readonly StoredMailbox[];
  }> {
    const { sql } = this.#db;
    const messages = sql
      .selectFrom('voicemail_messages')
      .selectAll()
      .where('organization_id', '=', this.#organization);
    const mailboxes = sql
      .selectFrom('voicemail_mailboxes')
      .selectAll()
      .where('organization_id', '=', this.#organization);
    return {
      messages: this.#db.all(messages).map(toMessage),
      mailboxes: this.#db.all(mailboxes).map(toMailbox),
    };
  }

  async insert(message: Message, mailTo: string | null): Promise<void> {
    const { sql } = this.#db;
    const row = { ...fromMessage(message), organization_id: this.#organization };
    this.#db.transaction(() => {
      this.#db.run(sql.insertInto('voicemail_messages').values(row));
      if (mailTo === null) return;
      const now = this.#clock.now();
      this.#db.run(
        sql.insertInto('mail_outbox').values({
          message_id: message.id,
          recipient: mailTo,
          attempts: 0,
          next_attempt_at: now,
          created_at: now,
        }),
      );
    });
  }

  async update({ id, heard, deletedAt }: Message): Promise<void> {
    this.#db.run(
      this.#db.sql
        .updateTable('voicemail_messages')
        .set({ heard: flag.write(heard), deleted_at: deletedAt })
        .where('id', '=', id)
        .where('organization_id', '=', this.#organization),
    );
  }

  async remove(messages: readonly RecordingId[]): Promise<void> {
    // One statement a message: there is no limit to how many expire on one day.
    this.#db.transaction(() => {
      for (const id of messages)
        this.#db.run(
          this.#db.sql
            .deleteFrom('voicemail_messages')
            .where('id', '=', id)
            .where('organization_id', '=', this.#organization),
        );
    });
  }

  async putMailbox(mailbox: StoredMailbox): Promise<void> {
    const { sql } = this.#db;
    const { extension_id, ...rest } = fromMailbox(mailbox);
    if (!mailbox.greeting && hasNoPinGuesses(mailbox.pinGuesses)) {
      this.#db.run(
        sql
          .deleteFrom('voicemail_mailboxes')
          .where('extension_id', '=', extension_id)
          .where('organization_id', '=', this.#organization),
      );
      return;
    }
    this.#db.run(
      sql
        .insertInto('voicemail_mailboxes')
        .values({ extension_id, organization_id: this.#organization, ...rest })
        .onConflict((c) => c.column('extension_id').doUpdateSet(rest)),
    );
  }
}

const toMessage = (row: MessageRow): Message => ({
  id: recordingId(row.id),
  extension: extensionId(row.extension_id),
  from: { number: row.from_number, name: row.from_name },
  at: row.at,
  durationMs: row.duration_ms,
  reason: row.reason,
  heard: flag.read(row.heard),
  deletedAt: row.deleted_at,
});

const fromMessage = (message: Message): MessageRow => ({
  id: message.id,
  extension_id: message.extension,
  from_number: message.from.number,
  from_name: message.from.name,
  at: message.at,
  duration_ms: message.durationMs,
  reason: message.reason,
  heard: flag.write(message.heard),
  deleted_at: message.deletedAt,
});

const toMailbox = (row: MailboxRow): StoredMailbox => ({
  extension: extensionId(row.extension_id),
  greeting: toGreeting(row),
  pinGuesses: json.read(row.pin_guesses),
});

/** The table has the three of a greeting together or not at all. */
const toGreeting = ({ greeting_id, greeting_duration_ms, greeting_at }: MailboxRow): Greeting | null =>
  greeting_id === null || greeting_duration_ms === null || greeting_at === null
    ? null
    : { id: recordingId(greeting_id), durationMs: greeting_duration_ms, at: greeting_at };

const fromMailbox = ({ extension, greeting, pinGuesses }: StoredMailbox): MailboxRow => ({
  extension_id: extension,
  greeting_id: greeting?.id ?? null,
  greeting_duration_ms: greeting?.durationMs ?? null,
  greeting_at: greeting?.at ?? null,
  pin_guesses: json.write(pinGuesses),
});
