import type { CallForwards, StayLimits } from '@perch/shared';
import type { Generated } from 'kysely';
import type { Flag, Instant, Json, Octets } from '../columns.ts';

/** Extensions, what they have of their own, and the browsers that are their phones. */
export interface PhoneTables {
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
    language: string | null;
    do_not_disturb: Flag;
    /** Where calls go on; `null` where they do not. */
    forwards: Json<CallForwards> | null;
    allow_virtualization: Flag;
    suspended: Flag;
    /** Limits of stays at its phone. */
    stay_limits: Json<StayLimits> | null;
    /** Is it in kiosk mode, as a station of an organization that has a PIN for them? */
    kiosk: Flag;
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
  /** Help was called from that terminal, with its own number or with one that is set for calling back. */
  help_calls: { organization_id: string; number: string; own: Flag; terminal_id: string; at: Instant };
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
}
