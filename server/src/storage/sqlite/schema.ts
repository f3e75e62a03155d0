import type { Retention, StayLimits } from '@perch/shared';
import type { StoredPinGuesses } from '../../management/repositories.ts';
import type { Instant, Json } from './columns.ts';
import type { AccountTables } from './schema/accounts.ts';
import type { AuditTables } from './schema/audit.ts';
import type { MoveTables } from './schema/moves.ts';
import type { PhoneTables } from './schema/phones.ts';
import type { VoicemailTables } from './schema/voicemail.ts';
import type { WebhookTables } from './schema/webhooks.ts';

/** The tables of `perch.db`: everything about an organization. */
export interface OrganizationSchema
  extends PhoneTables, AccountTables, MoveTables, AuditTables, WebhookTables, VoicemailTables {
  organizations: {
    id: string;
    name: string;
    domain: string;
    emergency_numbers: Json<readonly string[]>;
    created_at: Instant;
    /** An IANA name; `null` until one is chosen. */
    time_zone: string | null;
    /** What ends stays by itself; `null` until it is set. */
    stay_limits: Json<StayLimits> | null;
    /** The hash of the PIN of its stations, in PHC form. */
    station_pin: string | null;
    /** The wrong ones, as far as they count; `null` where there are none. */
    pin_guesses: Json<StoredPinGuesses> | null;
    /** How long what is kept; `null` until it is set. */
    retention: Json<Retention> | null;
    /** Of all who have none of their own. */
    language: string | null;
  };
}
