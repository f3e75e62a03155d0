import type { Role, SignInPolicy, TokenAction } from '@perch/shared';
import type { StoredSession } from '../../../management/repositories.ts';
import type { Flag, Instant, Json, Octets } from '../columns.ts';

/** People who sign in, and with what. */
export interface AccountTables {
  people: {
    id: string;
    organization_id: string;
    /** Unique in the organization. */
    email: string;
    /** Argon2id, in PHC form; `null` until the person has chosen a password. */
    password_hash: string | null;
    roles: Json<readonly Role[]>;
    extension_id: string | null;
    /** The groups that they supervise; `null` for all. */
    groups: Json<readonly string[] | null>;
    created_at: Instant;
    /** Of their pages, where they have no extension; `null` until one is chosen. */
    language: string | null;
  };
  /** A link with which somebody chooses a password, by the SHA-256 of its token. */
  person_links: {
    hash: Octets;
    person_id: string;
    created_at: Instant;
    made_by: string | null;
    expires_at: Instant;
  };
  /** Who somebody is to the provider by which they have come in. */
  identities: { person_id: string; issuer: string; subject: string; created_at: Instant };
  /** Tokens for scripts, by the SHA-256 of their secrets. */
  api_tokens: {
    id: string;
    hash: Octets;
    person_id: string;
    name: string;
    actions: Json<readonly TokenAction[]>;
    proven: Flag;
    created_at: Instant;
    expires_at: Instant;
    used_at: Instant | null;
    used_from: string | null;
  };
  second_factors: {
    person_id: string;
    /** What the authenticator app has, too. */
    secret: Octets;
    /** The latest time step of which a code was taken; `null` until the first one was seen. */
    last_step: number | null;
    created_at: Instant;
  };
  /** Those that have not been used, by their SHA-256. */
  recovery_codes: { person_id: string; hash: Octets };
  /** Of organizations that have said how to sign in. */
  sign_in_policies: { organization_id: string; second_factor_of: SignInPolicy['secondFactorOf'] };
  /** A signed-in browser, by the SHA-256 of its cookie. */
  sessions: {
    hash: Octets;
    person_id: string;
    created_at: Instant;
    expires_at: Instant;
    /** Its User-Agent. */
    browser: string | null;
    /** Where and when it was last heard. */
    address: string | null;
    heard_at: Instant;
    /** Whether, and with what, they have come in through the provider. */
    provided: StoredSession['provided'];
  };
}
