import { ERASED } from '../../../../personal/person.ts';
import type { PhoneTables } from '../../schema/phones.ts';
import { type Holdings, idOf, madeBy, NOTHING } from './holding.ts';

export const PHONE_HOLDINGS: Holdings<PhoneTables> = {
  extensions: {
    name: 'extension',
    rows: ({ db, person }) =>
      db.all(
        db.sql
          .selectFrom('extensions')
          .select(['number', 'name', 'group_name', 'place', 'call_back', 'allow_virtualization', 'suspended'])
          .select(['language', 'do_not_disturb', 'forwards', 'stay_limits', 'voicemail_mail'])
          .select(['created_at', 'deleted_at'])
          .where('id', '=', idOf(person)),
      ),
    *erase({ db, person }) {
      const nothing = { place: null, plan_x: null, plan_y: null, call_back: null, stay_limits: null };
      const quiet = { language: null, do_not_disturb: 0, forwards: null } as const;
      yield db.run(
        db.sql
          .updateTable('extensions')
          .set({ number: '', name: ERASED, voicemail_mail: null, ...nothing, ...quiet })
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
    erase: (whose) => madeBy(whose, 'terminal_tokens'),
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
    erase: (whose) => madeBy(whose, 'enrolments'),
  },
  seen_calls: {
    name: 'history-seen',
    rows: ({ db, person }) =>
      db.all(db.sql.selectFrom('seen_calls').select(['until']).where('extension_id', '=', idOf(person))),
    *erase({ db, person }) {
      yield db.run(db.sql.deleteFrom('seen_calls').where('extension_id', '=', idOf(person)));
    },
  },
  help_calls: {
    name: 'emergency-call-back',
    rows: ({ db, person }) =>
      db.all(
        db.sql
          .selectFrom('help_calls')
          .select(['number', 'at'])
          .where('terminal_id', '=', person.extension?.terminal ?? ''),
      ),
    *erase({ db, organization, person }) {
      const { terminal = '', number = '' } = person.extension ?? {};
      yield db.run(
        db.sql
          .deleteFrom('help_calls')
          .where('organization_id', '=', organization)
          .where((e) => e.or([e('terminal_id', '=', terminal), e('number', '=', number)])),
      );
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
};
