import * as z from 'zod/mini';

/** Milliseconds since 1970-01-01 UTC, by the server's clock. */
const instant = z.int();

/** What can end a guest's stay by itself: it has lasted long enough, that time of day has come, or no call was at the desk for long enough. */
export const stayLimit = z.enum(['longest', 'time-of-day', 'idle']);
export type StayLimit = z.infer<typeof stayLimit>;

/** How long before the end of a stay its guest is warned (milliseconds). */
export const WARNED_BEFORE_MS = 15 * 60_000;
/** How much later a stay ends that its guest has extended, which they can once (milliseconds). */
export const EXTENDED_BY_MS = 60 * 60_000;
/** How long a free station says that a limit has ended the last stay there (milliseconds). */
export const STAY_ENDED_SHOWN_MS = 15 * 60_000;

/** The limits of stays, of an organization or of one desk; each is off where it is `null`. A desk's own only count where they are narrower. */
export const stayLimits = z.object({
  longestMinutes: z.nullable(z.int().check(z.gte(30), z.lte(7 * 24 * 60))),
  /** In the organization's time zone. */
  timeOfDay: z.nullable(z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time looks like 18:30.'))),
  idleMinutes: z.nullable(z.int().check(z.gte(20), z.lte(24 * 60))),
});
export type StayLimits = z.infer<typeof stayLimits>;

export const NO_STAY_LIMITS: StayLimits = { longestMinutes: null, timeOfDay: null, idleMinutes: null };

/** A stay of which the guest has been warned. */
export const stayEnd = z.object({
  limit: stayLimit,
  at: instant,
  canExtend: z.boolean(),
  /** Its time is over, and it only waits for a call to end. */
  waitsForCall: z.boolean(),
});
export type StayEnd = z.infer<typeof stayEnd>;

/** A limit has ended the last stay at a desk. */
export const stayEnded = z.object({ limit: stayLimit, at: instant });
export type StayEnded = z.infer<typeof stayEnded>;
