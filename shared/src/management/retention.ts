import * as z from 'zod/mini';

const days = (least: number) => z.nullable(z.int().check(z.gte(least), z.lte(36_500)));

/** How long what has happened in an organization is kept (days); for ever where it is `null`. */
export const retention = z.object({
  /** Call records, stays at desks, and attempts to move. */
  recordDays: days(7),
  /** Voicemail messages, where the server does not delete them sooner. */
  voicemailDays: days(1),
  /** Entries of the audit. */
  auditDays: days(30),
});
export type Retention = z.infer<typeof retention>;

export const KEPT_FOR_EVER: Retention = { recordDays: null, voicemailDays: null, auditDays: null };
