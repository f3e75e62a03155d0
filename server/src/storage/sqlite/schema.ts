import type { Generated } from 'kysely';

/** The tables of `perch.db`: everything about an organization. Instants are milliseconds since 1970-01-01 UTC, flags 0 or 1. */
export interface OrganizationSchema {
  organizations: {
    id: string;
    name: string;
    domain: string;
    /** A JSON array. */
    emergency_numbers: string;
    created_at: number;
  };
  extensions: {
    id: string;
    organization_id: string;
    /** Its home terminal. */
    terminal_id: string;
    number: string;
    name: string;
    kind: 'person' | 'station';
    allow_virtualization: number;
    suspended: number;
    /** Argon2id, in PHC form. */
    secret_code_hash: string | null;
    /** Argon2id, in PHC form. */
    voicemail_pin_hash: string | null;
    /** An address. */
    voicemail_mail: string | null;
    /** `H(number:domain:password)` for digest (RFC 7616 §3.4.2), in hexadecimal. */
    ha1_md5: string | null;
    ha1_sha256: string | null;
    created_at: number;
    /** Deleted extensions keep their row, so that records still know who they were; their number is free. */
    deleted_at: number | null;
  };
  /** A browser that was enrolled, by the SHA-256 of its token. */
  terminal_tokens: {
    hash: Buffer;
    extension_id: string;
    created_at: number;
    /** The administrator who made the link. */
    made_by: string | null;
    /** Its User-Agent. */
    browser: string | null;
    /** Where and when it was last heard; updated every few minutes. */
    address: string | null;
    heard_at: number | null;
  };
  /** An enrolment link, by the SHA-256 of its code. */
  enrolments: {
    hash: Buffer;
    extension_id: string;
    uses_left: number;
    expires_at: number;
    created_at: number;
    made_by: string | null;
  };
  administrators: {
    id: string;
    organization_id: string;
    email: string;
    /** Argon2id, in PHC form. */
    password_hash: string;
    created_at: number;
  };
  /** A signed-in browser, by the SHA-256 of its cookie. */
  sessions: { hash: Buffer; administrator_id: string; created_at: number; expires_at: number };
  virtualizations: {
    virtual_id: string;
    base_id: string;
    organization_id: string;
    since: number;
    way: string;
  };
  guessing_buckets: {
    kind: 'extension' | 'terminal';
    id: string;
    organization_id: string;
    /** A JSON array of instants. */
    wrong: string;
  };
  virtualization_records: {
    sequence: Generated<number>;
    organization_id: string;
    at: number;
    action: string;
    way: string;
    who: string | null;
    terminal_id: string | null;
    asked: string | null;
    extension_id: string | null;
    previous_guest_id: string | null;
    result: string;
    /** A JSON array. */
    endings: string;
  };
  /** What a mailbox has besides its messages; no row where there is nothing. */
  voicemail_mailboxes: {
    extension_id: string;
    organization_id: string;
    /** The three of a greeting, all or none. */
    greeting_id: string | null;
    greeting_duration_ms: number | null;
    greeting_at: number | null;
    /** A JSON array of instants. */
    wrong_pins: string;
  };
  voicemail_messages: {
    /** Also the name of its recording. */
    id: string;
    organization_id: string;
    extension_id: string;
    from_number: string;
    from_name: string;
    at: number;
    duration_ms: number;
    reason: string;
    heard: number;
    deleted_at: number | null;
  };
  /** Mail about messages that is not sent yet. */
  mail_outbox: {
    message_id: string;
    recipient: string;
    attempts: number;
    next_attempt_at: number;
    created_at: number;
  };
}
