import { type Kysely, sql } from 'kysely';

/** Five wrong PINs within a quarter of an hour have locked a mailbox so far. */
const [FULL, LOCK_MS] = [5, 15 * 60_000];

/** The locks of a mailbox grow as those of the stations do: what is stored says how often it was locked, and until when. What is full is a lock. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('voicemail_mailboxes').renameColumn('wrong_pins', 'pin_guesses').execute();
  await sql`
    UPDATE voicemail_mailboxes SET pin_guesses = CASE
      WHEN json_array_length(pin_guesses) >= ${FULL} THEN json_object(
        'wrong', json('[]'),
        'locks', 1,
        'lockedUntil', json_extract(pin_guesses, '$[#-1]') + ${LOCK_MS}
      )
      ELSE json_object(
        'wrong', json((SELECT json_group_array(json_object('at', value)) FROM json_each(pin_guesses))),
        'locks', 0,
        'lockedUntil', 0
      )
    END
  `.execute(db);
}
