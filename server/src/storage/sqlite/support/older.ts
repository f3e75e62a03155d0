import { sql } from 'kysely';
import type { Database } from '../database.ts';
import type { OrganizationSchema } from '../schema.ts';

/** For tests: takes `perch.db` back to before a migration, as far as the tests need it. */
export function forgetMigrationsSince(db: Database<OrganizationSchema>, name: string): void {
  const run = (statement: string) => db.run({ compile: () => sql.raw(statement).compile(db.sql) });
  const undone = UNDO.filter(([of]) => of >= name);
  for (const [, statements] of undone) for (const statement of statements) run(statement);
  run(`DELETE FROM kysely_migration WHERE name >= '${name}'`);
}

const UNDO: readonly (readonly [migration: string, statements: readonly string[]])[] = [
  [
    '130-mailbox-pin-guesses',
    [
      'ALTER TABLE voicemail_mailboxes RENAME COLUMN pin_guesses TO wrong_pins',
      "UPDATE voicemail_mailboxes SET wrong_pins = '[]'",
    ],
  ],
  ['126-kiosks', ['ALTER TABLE extensions DROP COLUMN kiosk']],
  ['125-pin-guesses', ['ALTER TABLE organizations DROP COLUMN pin_guesses']],
  ['121-help-calls', ['DROP TABLE help_calls']],
  ['120-station-pins', ['ALTER TABLE organizations DROP COLUMN station_pin']],
  [
    '115-languages',
    ['extensions', 'people', 'organizations'].map((table) => `ALTER TABLE ${table} DROP COLUMN language`),
  ],
  ['102-attempts-by-time', ['DROP INDEX virtualization_records_at']],
  ['101-audit-by-time', ['DROP INDEX audit_at']],
  ['100-stays-by-end', ['DROP INDEX desk_stays_ends']],
  ['096-push', ['DROP TABLE push_subscriptions', 'DROP TABLE push_keys']],
  ['093-own-things', ['DROP TABLE seen_calls', 'DROP TABLE favourites']],
  [
    '090-do-not-disturb',
    ['do_not_disturb', 'forwards'].map((column) => `ALTER TABLE extensions DROP COLUMN ${column}`),
  ],
  ['081-webhooks', ['DROP TABLE webhook_messages', 'DROP TABLE webhook_cursors', 'DROP TABLE webhooks']],
  ['080-erasures', ['DROP TRIGGER audit_no_update', 'DROP TABLE audit_erased', 'DROP TABLE erasures']],
  ['070-call-back', ['ALTER TABLE extensions DROP COLUMN call_back']],
  [
    '063-retention',
    [
      'ALTER TABLE organizations DROP COLUMN retention',
      'DROP TRIGGER audit_no_delete',
      'DROP TABLE audit_forgotten',
    ],
  ],
  ['062-locks', ['ALTER TABLE guessing_buckets DROP COLUMN locks']],
  [
    '061-stay-limits',
    [
      'ALTER TABLE organizations DROP COLUMN stay_limits',
      'ALTER TABLE extensions DROP COLUMN stay_limits',
      'DROP TABLE stay_terms',
    ],
  ],
  [
    '060-places',
    ['place', 'plan_x', 'plan_y'].map((column) => `ALTER TABLE extensions DROP COLUMN ${column}`),
  ],
  ['053-proven-tokens', ['ALTER TABLE api_tokens DROP COLUMN proven']],
  ['052-api-tokens', ['DROP TABLE api_tokens']],
  ['051-identities', ['DROP TABLE identities', 'ALTER TABLE sessions DROP COLUMN provided']],
  [
    '050-second-factors',
    ['DROP TABLE second_factors', 'DROP TABLE recovery_codes', 'DROP TABLE sign_in_policies'],
  ],
  [
    '042-stays-by-terminal',
    ['DROP INDEX desk_stays_pairs', 'CREATE INDEX desk_stays_times ON desk_stays (until)'],
  ],
  ['041-time-zones', ['ALTER TABLE organizations DROP COLUMN time_zone']],
  ['040-stay-times', ['DROP INDEX desk_stays_times', 'CREATE INDEX desk_stays_until ON desk_stays (until)']],
  ['020-desk-stays', ['DROP TABLE desk_stays']],
  ['015-audit', ['DROP TABLE audit', 'DROP TABLE audit_heads']],
  ['014-person-links', ['DROP TABLE person_links']],
  [
    '013-people',
    [
      'CREATE TABLE administrators (id, organization_id, email, password_hash, created_at)',
      'INSERT INTO administrators SELECT id, organization_id, email, password_hash, created_at FROM people',
      'CREATE TABLE old_sessions (hash, administrator_id, created_at, expires_at)',
      'INSERT INTO old_sessions SELECT hash, person_id, created_at, expires_at FROM sessions',
      'DROP TABLE sessions',
      'ALTER TABLE old_sessions RENAME TO sessions',
      'DROP TABLE people',
      'ALTER TABLE extensions DROP COLUMN group_name',
    ],
  ],
  ['011-terminal-ids', ['DROP INDEX extensions_terminal', 'ALTER TABLE extensions DROP COLUMN terminal_id']],
];
