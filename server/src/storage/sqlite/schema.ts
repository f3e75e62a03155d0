import type {
  CallForwards,
  DepositReason,
  Facts,
  Retention,
  Role,
  SignInPolicy,
  StayLimits,
  TokenAction,
  WebhookDelivery,
  WebhookEvent,
  WebhookOff,
} from '@perch/shared';
import type { Generated } from 'kysely';
import type { Person } from '../../personal/person.ts';
import type { StoredSession } from '../../management/repositories.ts';
import type { Action, EndedBy, Ending, Result } from '../../exchange/virtualization/record.ts';
import type { Way } from '../../exchange/virtualization/virtualization.ts';
import type { Flag, Instant, Json, Octets } from './columns.ts';

/** The tables of `perch.db`: everything about an organization. */
export interface OrganizationSchema {
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
    /** How long what is kept; `null` until it is set. */
    retention: Json<Retention> | null;
  };
  extensions: {
    id: string;
    organization_id: string;
    /** Its home terminal. */
    terminal_id: string;
    number: string;
    name: string;
    kind: 'person' | 'station';
    group_name: string | null;
    /** Where its phone stands, in words. */
    place: string | null;
    /** The same on the plan of the floor: both or neither, in steps of its side. */
    plan_x: number | null;
    plan_y: number | null;
    /** The number that help calls back; `null` for its own. */
    call_back: string | null;
    do_not_disturb: Flag;
    /** Where calls go on; `null` where they do not. */
    forwards: Json<CallForwards> | null;
    allow_virtualization: Flag;
    suspended: Flag;
    /** Limits of stays at its phone. */
    stay_limits: Json<StayLimits> | null;
    /** Argon2id, in PHC form. */
    secret_code_hash: string | null;
    /** Argon2id, in PHC form. */
    voicemail_pin_hash: string | null;
    /** An address. */
    voicemail_mail: string | null;
    /** `H(number:domain:password)` for digest (RFC 7616 §3.4.2), in hexadecimal. */
    ha1_md5: string | null;
    ha1_sha256: string | null;
    created_at: Instant;
    /** Deleted extensions keep their row, so that records still know who they were; their number is free. */
    deleted_at: Instant | null;
  };
  /** Until when an extension has looked at its missed calls; none where it never has. */
  seen_calls: { extension_id: string; organization_id: string; until: Instant };
  /** In the order of `position`, which only grows. */
  favourites: {
    position: Generated<number>;
    organization_id: string;
    extension_id: string;
    favourite_id: string;
  };
  /** A browser that was enrolled, by the SHA-256 of its token. */
  terminal_tokens: {
    hash: Octets;
    extension_id: string;
    created_at: Instant;
    /** The administrator who made the link. */
    made_by: string | null;
    /** Its User-Agent. */
    browser: string | null;
    /** Where and when it was last heard; updated every few minutes. */
    address: string | null;
    heard_at: Instant | null;
  };
  /** Where an enrolled browser takes push messages; it goes with its token. */
  push_subscriptions: {
    browser: Octets;
    terminal_id: string;
    /** `+sip.instance`. */
    instance: string;
    endpoint: string;
    /** With these messages are encrypted for it (RFC 8291). */
    p256dh: string;
    auth: string;
    created_at: Instant;
  };
  /** By which push services know this server (RFC 8292); one row. */
  push_keys: { public_key: string; private_key: string };
  /** An enrolment link, by the SHA-256 of its code. */
  enrolments: {
    hash: Octets;
    extension_id: string;
    uses_left: number;
    expires_at: Instant;
    created_at: Instant;
    made_by: string | null;
  };
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
  };
  /** What people have done and tried; triggers refuse any change of an entry. */
  audit: {
    organization_id: string;
    position: number;
    at: Instant;
    who: string;
    address: string | null;
    action: string;
    about: string | null;
    result: string;
    before: Json<Facts | null>;
    after: Json<Facts | null>;
    seal: string;
  };
  /** The last entry of each organization. */
  audit_heads: { organization_id: string; position: number; seal: string };
  /** The last entry of each organization that was deleted because it was old: the chain begins after it. */
  audit_forgotten: { organization_id: string; position: number; seal: string };
  /** Entries that no longer name somebody: by which entry on an erasure, and the seal of what they say since. */
  audit_erased: { organization_id: string; position: number; erasure: number; seal: string };
  /** Programs that are told of calls and moves. */
  webhooks: {
    id: string;
    organization_id: string;
    name: string;
    url: string;
    events: Json<readonly WebhookEvent[]>;
    secret: Octets;
    /** The one before, which signs until then, too. */
    old_secret: Octets | null;
    old_secret_until: Instant | null;
    created_at: Instant;
    made_by: string;
    off_since: Instant | null;
    off_why: WebhookOff | null;
    failing_since: Instant | null;
  };
  /** How far what has happened was made into messages: numbers of records, stays and virtualization records. */
  webhook_cursors: { organization_id: string; calls: number; stays: number; moves: number };
  webhook_messages: {
    id: string;
    webhook_id: string;
    event: string;
    body: string;
    created_at: Instant;
    state: WebhookDelivery['state'];
    attempts: number;
    tried_at: Instant | null;
    next_at: Instant | null;
    /** Of HTTP, and the beginning of the answer or why there was none. */
    status: number | null;
    answer: string | null;
  };
  /** People who are being erased. */
  erasures: { person_id: string; organization_id: string; person: Json<Person>; begun_at: Instant };
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
  virtualizations: {
    virtual_id: string;
    base_id: string;
    organization_id: string;
    since: Instant;
    way: Way;
  };
  /** What the limits of a stay need over a restart; known by its guest and its beginning. */
  stay_terms: {
    virtual_id: string;
    organization_id: string;
    since: Instant;
    warned_at: Instant | null;
    extended_until: Instant | null;
  };
  guessing_buckets: {
    kind: 'extension' | 'terminal';
    id: string;
    organization_id: string;
    wrong: Json<readonly Instant[]>;
    /** How often it was filled lately. */
    locks: number;
  };
  virtualization_records: {
    sequence: Generated<number>;
    organization_id: string;
    at: Instant;
    action: Action;
    way: Way;
    who: string | null;
    terminal_id: string | null;
    asked: string | null;
    extension_id: string | null;
    previous_guest_id: string | null;
    result: Result;
    endings: Json<readonly Ending[]>;
  };
  /** An extension was a guest at a desk; `until` is null as long as it is. Numbers and names are of that time. */
  desk_stays: {
    sequence: Generated<number>;
    organization_id: string;
    extension_id: string;
    number: string;
    name: string;
    /** The extension whose desk it is, and its terminal. */
    desk_id: string;
    terminal_id: string;
    desk_number: string;
    desk_name: string;
    since: Instant;
    way: Way;
    until: Instant | null;
    ended_by: EndedBy | null;
    ended_way: Way | null;
    ender: string | null;
  };
  /** What a mailbox has besides its messages; no row where there is nothing. */
  voicemail_mailboxes: {
    extension_id: string;
    organization_id: string;
    /** The three of a greeting, all or none. */
    greeting_id: string | null;
    greeting_duration_ms: number | null;
    greeting_at: Instant | null;
    wrong_pins: Json<readonly Instant[]>;
  };
  voicemail_messages: {
    /** Also the name of its recording. */
    id: string;
    organization_id: string;
    extension_id: string;
    from_number: string;
    from_name: string;
    at: Instant;
    duration_ms: number;
    reason: DepositReason;
    heard: Flag;
    deleted_at: Instant | null;
  };
  /** Mail about messages that is not sent yet. */
  mail_outbox: {
    message_id: string;
    recipient: string;
    attempts: number;
    next_attempt_at: Instant;
    created_at: Instant;
  };
}
