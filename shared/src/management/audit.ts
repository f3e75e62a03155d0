import * as z from 'zod/mini';
import { instant } from '../api/api-values.ts';

/** What is known of a thing that can be changed, without any secret. */
const facts = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
);
export type Facts = z.infer<typeof facts>;

/** What is tried by dialling or on the page of a phone, beside the operations of this API: `*30` with a number, `*30` alone, Undo, do not disturb; and a stay that a limit has ended. */
export const PHONE_DEEDS = [
  'takeOver',
  'goHome',
  'undoMove',
  'reachLimit',
  'dialDoNotDisturb',
  'dialForward',
] as const;
export type PhoneDeed = (typeof PHONE_DEEDS)[number];

/** What the server does by itself: it deletes what is older than an organization wants to keep it. */
export const NIGHTLY_DEED = 'forgetOld';
/** It has erased somebody: the last entry of an erasure, which no longer says whom. */
export const ERASURE_DEED = 'personErased';
/** It has turned a webhook off by itself. */
export const WEBHOOK_DEED = 'webhookTurnedOff';
/** Who does it. */
export const NIGHTLY = 'Perch';

/** One attempt or change: who, where from, what, and what was different afterwards. */
export const auditEntry = z.object({
  /** From 1, in each organization. */
  position: z.int(),
  at: instant,
  /** The address of the person, or the number of the extension whose phone it was. */
  who: z.string(),
  /** The network address of their browser. */
  address: z.nullable(z.string()),
  /** The operation of this API, or what was done at a phone. */
  action: z.string(),
  /** The number of the extension, or the address of the person, that it was about; `null` where it was about the organization. */
  about: z.nullable(z.string()),
  /** `done`, or the code of the problem because of which it was refused; at a phone, why it was. */
  result: z.string(),
  /** What has changed: as it was, and as it is. `null` where nothing was there, or is. */
  before: z.nullable(facts),
  after: z.nullable(facts),
  /** SHA-256 over this entry and the seal of the one before it, in hexadecimal. */
  seal: z.string(),
});
export type AuditEntry = z.infer<typeof auditEntry>;

const filter = {
  /** In who, where from, or about whom. */
  text: z.optional(z.string().check(z.maxLength(128))),
  /** One, or several with commas between. */
  action: z.optional(z.string().check(z.maxLength(256))),
  from: z.optional(z.coerce.number()),
  until: z.optional(z.coerce.number()),
};
export const auditFilter = z.object(filter);
export type AuditFilter = z.infer<typeof auditFilter>;

export const auditQuery = z.object({
  ...filter,
  /** Entries older than this position. */
  before: z.optional(z.coerce.number()),
  size: z._default(z.coerce.number().check(z.gte(1), z.lte(200)), 50),
});

/** The latest first. */
export const auditPage = z.object({
  entries: z.array(auditEntry),
  /** `before` for the page after this one; `null` where this is the last. */
  next: z.nullable(z.int()),
});
export type AuditPage = z.infer<typeof auditPage>;

/** Whether every entry is there and as it was written. */
export const auditCheck = z.object({
  entries: z.int(),
  /** The entries up to this position were deleted, as they were older than they are kept; 0 where none were. */
  forgottenThrough: z.int(),
  /** Of the last one: kept elsewhere, it proves later that nothing before it was changed. */
  seal: z.nullable(z.string()),
  /** The first position at which an entry is missing or was altered. */
  brokenAt: z.nullable(z.int()),
});
export type AuditCheck = z.infer<typeof auditCheck>;
