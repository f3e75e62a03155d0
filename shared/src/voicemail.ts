import * as z from 'zod/mini';
import { utterance } from './center-events.ts';
import { party } from './terminal-view.ts';

/** Milliseconds since 1970-01-01 UTC, by the server's clock. */
const instant = z.int();
const milliseconds = z.int().check(z.nonnegative());

/** Why a call went to a mailbox: the failures of a call after which the callee can still be told. */
export const depositReason = z.enum([
  'no-answer',
  'busy',
  'declined',
  'do-not-disturb',
  /** The call went on from one extension to another until it came back to one of them. */
  'forward-loop',
  'offline',
  /** The extension is on another terminal, and that one is offline. */
  'base-offline',
  /** Home, but a guest is on the home terminal. */
  'homeless',
  /** A station's call, with a guest on it. */
  'desk-in-use',
]);
export type DepositReason = z.infer<typeof depositReason>;

/** A message as its mailbox shows it. */
export const voicemailMessage = z
  .object({
    id: z.string(),
    /** The caller, with the number and name of that time. */
    from: party,
    /** When the recording began. */
    at: instant,
    durationMs: milliseconds,
    reason: depositReason,
    heard: z.boolean(),
  })
  .register(z.globalRegistry, { id: 'VoicemailMessage' });
export type VoicemailMessage = z.infer<typeof voicemailMessage>;

/** The message lamp: lit where `new` is above 0 (RFC 3842). Deleted messages do not count. */
export const messageCounts = z.object({
  new: z.int().check(z.nonnegative()),
  heard: z.int().check(z.nonnegative()),
});
export type MessageCounts = z.infer<typeof messageCounts>;

/** May this browser listen? `pin-needed` where the mailbox's owner is a guest here; `no-pin` where it has none to give. */
export const mailboxAccess = z.enum(['open', 'pin-needed', 'no-pin']);
export type MailboxAccess = z.infer<typeof mailboxAccess>;

/** The mailbox of the extension that speaks through a terminal. Its messages, newest first, only while its access is `open`. */
export const mailboxView = z
  .object({
    extension: party,
    access: mailboxAccess,
    messages: z.array(voicemailMessage),
    greeting: z.nullable(z.object({ durationMs: milliseconds, at: instant })),
    hasPin: z.boolean(),
    /** May PIN and mail address be changed here: a person's home terminal, without a guest, and never a station? */
    isOwn: z.boolean(),
    /** Where messages are mailed to; `null` for nowhere, or where access is not `open`. */
    mailTo: z.nullable(z.string()),
    /** Can this server send mail at all? */
    canMail: z.boolean(),
    limits: z.object({ messages: z.int(), ms: milliseconds, greetingMs: milliseconds }),
    /** How many days messages are kept; `null` for ever. */
    retentionDays: z.nullable(z.int()),
  })
  .register(z.globalRegistry, { id: 'Mailbox' });
export type MailboxView = z.infer<typeof mailboxView>;

/** What a key does at this moment of the dialogue; the page shows it as a button that sends the same digit. */
export const voicemailAction = z.enum([
  'finish-recording',
  'finish-entry',
  'skip',
  'again',
  'next',
  'delete',
  'call-back',
  'record-greeting',
  'leave',
  'listen-greeting',
  'use-greeting',
  'keep-old-greeting',
]);
export type VoicemailAction = z.infer<typeof voicemailAction>;

/** The keys that mean something now, in the order in which they are offered. */
export const offeredKeys = z.array(z.object({ key: z.string(), action: voicemailAction }));
export type OfferedKeys = z.infer<typeof offeredKeys>;

/** A visit to a mailbox, a caller's or its owner's, as the page follows it; each prompt is shown while it is spoken. */
export const voicemailEvent = z.discriminatedUnion('kind', [
  /** `deposit`: a caller leaves `mailbox` a message; `retrieval`: its owner listens (`*97`). */
  z.object({ kind: z.literal('opened'), service: z.enum(['deposit', 'retrieval']), mailbox: party }),
  /** What is being said; `text` is empty where a recorded greeting or a message plays. */
  z.object({ kind: z.literal('prompt'), utterance, text: z.string() }),
  z.object({ kind: z.literal('keys'), keys: offeredKeys }),
  /** A digit of the PIN was counted: how many the entry has now. Never the digit itself. */
  z.object({ kind: z.literal('digit'), entered: z.int() }),
  z.object({ kind: z.literal('tries-left'), tries: z.int() }),
  /** The owner's own greeting plays, to a caller or to the owner. */
  z.object({ kind: z.literal('greeting') }),
  /** This message plays from its beginning: the `position`th of `of`, from 1. */
  z.object({
    kind: z.literal('playing'),
    message: voicemailMessage,
    position: z.int(),
    of: z.int(),
  }),
  /** What is said is being recorded, from the beep on. */
  z.object({
    kind: z.literal('recording'),
    what: z.enum(['message', 'greeting']),
    since: instant,
    longestMs: milliseconds,
  }),
  z.object({ kind: z.literal('closed') }),
  /** The caller has hung up, which closed the visit, and what was recorded until then has become a message. */
  z.object({ kind: z.literal('kept') }),
]);
export type VoicemailEvent = z.infer<typeof voicemailEvent>;
