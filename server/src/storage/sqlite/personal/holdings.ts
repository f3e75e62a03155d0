import { type Expression, sql, type SqlBool } from 'kysely';
import type { Person } from '../../../personal/person.ts';
import { ERASED, timeOf } from '../../../personal/person.ts';
import type { Database } from '../database.ts';
import type { OrganizationSchema } from '../schema.ts';

type Db = Database<OrganizationSchema>;
type Table = keyof OrganizationSchema;

/** Somebody in an organization. */
export interface Whose {
  readonly db: Db;
  readonly organization: string;
  readonly person: Person;
}

/** What a table has of somebody. */
export interface TableHolding {
  /** What it is called in their archive; without one, nothing of it is there. */
  readonly name?: string;
  /** Rows of theirs, without secrets. */
  readonly rows?: (whose: Whose) => readonly object[];
  /** Takes them out of the table, as often as it is called; each step is short. */
  readonly erase?: (whose: Whose) => Iterable<unknown>;
}

/** It holds nothing of a person, or what it holds is gone with another row. */
const NOTHING: TableHolding = {};

/** Rows that are looked at in one step: calls and pages must not notice it. */
const STEP = 5_000;

/**
 * What every table of `perch.db` has of people, and what becomes of it when somebody is erased: a new table does not compile before
 * that is said here. The audit is on its own (`audit-erasure.ts`).
 */
export const HOLDINGS: Readonly<Record<Table, TableHolding>> = {
  organizations: NOTHING,
  sign_in_policies: NOTHING,
  audit: NOTHING,
  audit_heads: NOTHING,
  audit_forgotten: NOTHING,
  audit_erased: NOTHING,
  erasures: NOTHING,
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

  extensions: {
    name: 'extension',
    rows: ({ db, person }) =>
      db.all(
        db.sql
          .selectFrom('extensions')
          .select(['number', 'name', 'group_name', 'place', 'call_back', 'allow_virtualization', 'suspended'])
          .select(['stay_limits', 'voicemail_mail', 'created_at', 'deleted_at'])
          .where('id', '=', idOf(person)),
      ),
    *erase({ db, person }) {
      const nothing = { place: null, plan_x: null, plan_y: null, call_back: null, stay_limits: null };
      yield db.run(
        db.sql
          .updateTable('extensions')
          .set({ number: '', name: ERASED, voicemail_mail: null, ...nothing })
          .where('id', '=', idOf(person))
          .where('deleted_at', 'is not', null),
      );
    },
  },
  terminal_tokens: {
    name: 'phones',
    rows: ({ db, person }) =>
      db.all(
        db.sql
          .selectFrom('terminal_tokens')
          .select(['created_at', 'made_by', 'browser', 'address', 'heard_at'])
          .where('extension_id', '=', idOf(person)),
      ),
    erase: ({ db, person }) => madeBy(db, 'terminal_tokens', person),
  },
  push_keys: NOTHING,
  // They go with the token of their browser.
  push_subscriptions: {
    name: 'push-subscriptions',
    rows: ({ db, person }) =>
      db.all(
        db.sql
          .selectFrom('push_subscriptions')
          .innerJoin('terminal_tokens', 'terminal_tokens.hash', 'push_subscriptions.browser')
          .select([
            'push_subscriptions.endpoint',
            'push_subscriptions.instance',
            'push_subscriptions.created_at',
          ])
          .where('terminal_tokens.extension_id', '=', idOf(person)),
      ),
  },
  enrolments: {
    name: 'enrolment-links',
    rows: ({ db, person }) =>
      db.all(
        db.sql
          .selectFrom('enrolments')
          .select(['created_at', 'made_by', 'uses_left', 'expires_at'])
          .where('extension_id', '=', idOf(person)),
      ),
    erase: ({ db, person }) => madeBy(db, 'enrolments', person),
  },

  people: {
    name: 'accounts',
    rows: ({ db, person }) =>
      db.all(
        db.sql
          .selectFrom('people')
          .select(['email', 'roles', 'groups', 'created_at'])
          .where('id', 'in', accountsOf(person)),
      ),
    *erase({ db, person }) {
      yield db.run(db.sql.deleteFrom('people').where('id', 'in', accountsOf(person)));
    },
  },
  person_links: { erase: ({ db, person }) => madeBy(db, 'person_links', person) },
  identities: {
    name: 'sign-in-providers',
    rows: ({ db, person }) => ofAccounts(db, 'identities', person, ['issuer', 'subject', 'created_at']),
  },
  api_tokens: {
    name: 'tokens',
    rows: ({ db, person }) =>
      ofAccounts(db, 'api_tokens', person, [
        'name',
        'actions',
        'created_at',
        'expires_at',
        'used_at',
        'used_from',
      ]),
  },
  second_factors: {
    name: 'second-factors',
    rows: ({ db, person }) => ofAccounts(db, 'second_factors', person, ['created_at']),
  },
  recovery_codes: NOTHING,
  sessions: {
    name: 'sessions',
    rows: ({ db, person }) =>
      ofAccounts(db, 'sessions', person, [
        'created_at',
        'expires_at',
        'browser',
        'address',
        'heard_at',
        'provided',
      ]),
  },

  seen_calls: {
    name: 'history-seen',
    rows: ({ db, person }) =>
      db.all(db.sql.selectFrom('seen_calls').select(['until']).where('extension_id', '=', idOf(person))),
    *erase({ db, person }) {
      yield db.run(db.sql.deleteFrom('seen_calls').where('extension_id', '=', idOf(person)));
    },
  },
  favourites: {
    name: 'favourites',
    rows: ({ db, person }) =>
      db.all(
        db.sql
          .selectFrom('favourites')
          .innerJoin('extensions', 'extensions.id', 'favourites.favourite_id')
          .select(['extensions.number', 'extensions.name'])
          .where('favourites.extension_id', '=', idOf(person))
          .orderBy('favourites.position'),
      ),
    *erase({ db, person }) {
      const id = idOf(person);
      yield db.run(
        db.sql
          .deleteFrom('favourites')
          .where((e) => e.or([e('extension_id', '=', id), e('favourite_id', '=', id)])),
      );
    },
  },
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

  voicemail_mailboxes: {
    name: 'mailbox',
    rows: ({ db, person }) =>
      db.all(
        db.sql
          .selectFrom('voicemail_mailboxes')
          .select(['greeting_duration_ms', 'greeting_at', 'wrong_pins'])
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
    *erase({ db, person }) {
      yield db.run(db.sql.deleteFrom('mail_outbox').where('recipient', 'in', emailsOf(person)));
    },
  },
};

/** An id that nobody has, where they have no extension. */
const idOf = ({ extension }: Person): string => extension?.id ?? '';
const accountsOf = ({ accounts }: Person): string[] => accounts.map(({ id }) => id);
const emailsOf = ({ accounts }: Person): string[] => accounts.map(({ email }) => email);

/** Rows that are gone with their account. */
const ofAccounts = <Of extends 'identities' | 'api_tokens' | 'second_factors' | 'sessions'>(
  db: Db,
  table: Of,
  person: Person,
  columns: readonly (keyof OrganizationSchema[Of] & string)[],
): readonly object[] =>
  db.all(
    db.sql
      .selectFrom(table as 'sessions')
      .select(columns as unknown as readonly 'created_at'[])
      .where('person_id', 'in', accountsOf(person)),
  );

/** What they have made for others stays, without their address. */
function* madeBy(db: Db, table: 'terminal_tokens' | 'enrolments' | 'person_links', person: Person) {
  yield db.run(db.sql.updateTable(table).set({ made_by: ERASED }).where('made_by', 'in', emailsOf(person)));
}

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
