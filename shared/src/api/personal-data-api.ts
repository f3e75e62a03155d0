import * as z from 'zod/mini';
import type { Endpoint } from './api-endpoint.ts';
import { instant } from './api-values.ts';

/** Somebody about whom something is held: an extension of a person, of today or of once, with the accounts to which it belongs; or an account alone. */
export const heldPerson = z.object({
  id: z.string(),
  /** Of the extension; `null` where there is only an account. */
  number: z.nullable(z.string()),
  name: z.nullable(z.string()),
  emails: z.array(z.string()),
  /** When the extension was deleted; `null` while it exists, and where there is none. */
  deletedAt: z.nullable(instant),
  /** Since when they are being erased; `null` where they are not. */
  erasingSince: z.nullable(instant),
});
export type HeldPerson = z.infer<typeof heldPerson>;

/** How much is held about somebody. */
export const heldCounts = z.object({
  /** Calls in which they took part, or were to. */
  calls: z.int(),
  /** Stays at desks, and stays of others at theirs. */
  stays: z.int(),
  /** Attempts to move to a desk and back. */
  moves: z.int(),
  /** In their mailbox. */
  messages: z.int(),
  greetings: z.int(),
  /** In mailboxes of others, left by them. */
  messagesLeft: z.int(),
  /** Entries of the audit by them or about them. */
  auditEntries: z.int(),
  phones: z.int(),
  accounts: z.int(),
  sessions: z.int(),
  tokens: z.int(),
});
export type HeldCounts = z.infer<typeof heldCounts>;

export const heldOf = z.object({ person: heldPerson, held: heldCounts });
export type HeldOf = z.infer<typeof heldOf>;

/** What is held about one person, to be given to them or to be forgotten. */
export const personalDataApi = {
  ownData: {
    method: 'GET',
    path: '/api/session/personal-data',
    access: 'use-account',
    audited: true,
    summary:
      'Everything that is held about oneself, with the sound of one’s voicemail: docs/privacy.md describes the archive.',
    archive: true,
  },
  heldPeople: {
    method: 'GET',
    path: '/api/personal-data',
    access: 'manage-personal-data',
    summary:
      'The people about whom something is held, those who have left included: the first 100 whose name, number or address has that text.',
    query: z.object({ text: z._default(z.string().check(z.maxLength(128)), '') }),
    response: z.array(heldPerson),
  },
  held: {
    method: 'GET',
    path: '/api/personal-data/:subject',
    access: 'manage-personal-data',
    summary: 'How much is held about somebody.',
    response: heldOf,
  },
  exportPerson: {
    method: 'GET',
    path: '/api/personal-data/:subject/archive',
    access: 'manage-personal-data',
    audited: true,
    summary:
      'Everything that is held about somebody, but for the sound of their voicemail: docs/privacy.md describes the archive.',
    archive: true,
  },
  erasePerson: {
    method: 'POST',
    path: '/api/personal-data/:subject/erasure',
    access: 'manage-personal-data',
    summary:
      'Erases somebody, for good: their extension, accounts, voicemail and the messages that they have left; records and audit no longer name them. It goes on in the background.',
    /** Their number; of an account alone, its address. */
    body: z.object({ confirm: z.string().check(z.maxLength(254)) }),
    response: heldPerson,
  },
} as const satisfies Record<string, Endpoint>;
