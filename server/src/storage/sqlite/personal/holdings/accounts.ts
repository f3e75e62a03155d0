import { type Person } from '../../../../personal/person.ts';
import type { OrganizationSchema } from '../../schema.ts';
import type { AccountTables } from '../../schema/accounts.ts';
import { type Db, type Holdings, accountsOf, madeBy, NOTHING } from './holding.ts';

export const ACCOUNT_HOLDINGS: Holdings<AccountTables> = {
  sign_in_policies: NOTHING,
  people: {
    name: 'accounts',
    rows: ({ db, person }) =>
      db.all(
        db.sql
          .selectFrom('people')
          .select(['email', 'roles', 'groups', 'language', 'created_at'])
          .where('id', 'in', accountsOf(person)),
      ),
    *erase({ db, person }) {
      yield db.run(db.sql.deleteFrom('people').where('id', 'in', accountsOf(person)));
    },
  },
  person_links: { erase: (whose) => madeBy(whose, 'person_links') },
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
};

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
