import * as z from 'zod/mini';
import { callRecord, callResult, namedThen } from '../management/call-record.ts';
import { stayLimit } from '../stay-limits.ts';
import { FIGURE_NAMES, type FigureName } from '../management/figures.ts';

/** Milliseconds since 1970-01-01 UTC. */
const instant = z.int();
/** The same in a query, where everything is text. */
const askedInstant = z.coerce.number().check(z.int());
const askedNumber = z.string().check(z.regex(/^\d{2,8}$/, 'An extension number has 2 to 8 digits.'));

/** `from` is the first instant, `until` the first one no longer included. */
const span = { from: z.optional(askedInstant), until: z.optional(askedInstant) };

const page = {
  size: z._default(z.coerce.number().check(z.int(), z.gte(1), z.lte(200)), 50),
  /** `next` of the page before. */
  after: z.optional(z.string().check(z.regex(/^[0-9a-z.]{1,64}$/))),
};

const askedCalls = {
  ...span,
  /** The extension that had to do with the call: has made it, was to be rung, or talked. */
  extension: z.optional(askedNumber),
  /** The number of the desk at whose terminal that was. */
  station: z.optional(askedNumber),
  /** Whether they made the call, or it was for them. */
  direction: z.optional(z.enum(['made', 'received'])),
  result: z.optional(callResult),
  /** They have missed it; `unreturned`: and have not talked with the caller since. */
  missed: z.optional(z.enum(['all', 'unreturned'])),
};

export const callsQuery = z.object({ ...askedCalls, ...page });
export const callsFileQuery = z.object(askedCalls);
export type CallsQuery = z.infer<typeof callsFileQuery>;

export const callPage = z.object({ records: z.array(callRecord), next: z.nullable(z.string()) });
export type CallPage = z.infer<typeof callPage>;

/** Why a stay ended. */
const stayEnding = z.enum([
  ...['moved-on', 'replaced', 'claimed', 'returned', 'suspended', 'deleted', 'disallowed', 'undone'],
  ...stayLimit.options,
] as const);
const way = z.enum(['dialled', 'web', 'administrator', 'limit']);

/** An extension was a guest at a desk: from when to when, and who ended it. Numbers and names are of that time. */
export const deskStay = z
  .object({
    extension: namedThen,
    desk: namedThen,
    from: instant,
    /** How it came there. */
    way,
    /** `null`: it is still there. */
    until: z.nullable(instant),
    endedBy: z.nullable(stayEnding),
    endedWay: z.nullable(way),
    /** Who did it: the next guest, the owner of the desk, an administrator; `null` where it was the guest. */
    ender: z.nullable(z.string()),
  })
  .register(z.globalRegistry, { id: 'DeskStay' });
export type DeskStay = z.infer<typeof deskStay>;

const askedStays = { ...span, extension: z.optional(askedNumber), station: z.optional(askedNumber) };
export const staysQuery = z.object({ ...askedStays, ...page });
export const staysFileQuery = z.object(askedStays);
export type StaysQuery = z.infer<typeof staysFileQuery>;
export const stayPage = z.object({ records: z.array(deskStay), next: z.nullable(z.string()) });
export type StayPage = z.infer<typeof stayPage>;

export const whyQuery = z.object({ extension: askedNumber, at: askedInstant });

/** What there is to say about an extension at an instant: calls for it at about that time, where it was, and who was at its own phone. */
export const whyAnswer = z.object({
  extension: namedThen,
  at: instant,
  calls: z.array(callRecord),
  guestAt: z.nullable(deskStay),
  guestHere: z.nullable(deskStay),
});
export type WhyAnswer = z.infer<typeof whyAnswer>;

const date = z
  .string()
  .check(z.regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'A day looks like 2026-11-27.'));
const timeOfDay = z
  .string()
  .check(z.regex(/^([01]\d:[0-5]\d|2[0-3]:[0-5]\d|24:00)$/, 'A time looks like 08:30.'));

/** Whose rows a report has. A group's are those of the extensions that are in it today. */
export const REPORT_PER = ['extension', 'station', 'group'] as const;
export type ReportPer = (typeof REPORT_PER)[number];

const timeZone = z.string().check(z.maxLength(64));
export const timeZoneChoice = z.object({ timeZone });

const askedReport = {
  /** The first and the last day. */
  from: date,
  until: date,
  /** Which part of each day. */
  dayStart: z._default(timeOfDay, '00:00'),
  dayEnd: z._default(timeOfDay, '24:00'),
  /** 1 is Monday, 7 is Sunday; such as `12345`. */
  weekdays: z._default(z.string().check(z.regex(/^[1-7]{1,7}$/)), '1234567'),
  /** An IANA name; without it, the organization's own. */
  timeZone: z.optional(timeZone),
  per: z._default(z.enum(REPORT_PER), 'extension'),
  extension: z.optional(askedNumber),
  /** Only extensions that are in it today. */
  group: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
  /** By what the rows are in order: by this figure, the highest first, or by number. */
  sort: z._default(z.enum(['number', ...FIGURE_NAMES]), 'number'),
};
export const reportQuery = z.object({
  ...askedReport,
  size: z._default(z.coerce.number().check(z.int(), z.gte(1), z.lte(200)), 50),
  /** How many rows come before the page. */
  skip: z._default(z.coerce.number().check(z.int(), z.gte(0)), 0),
});
/** `rows`: the figures of each extension, station or group, and of all; `days`: how many calls there were each day. */
export const reportFileQuery = z.object({
  ...askedReport,
  table: z._default(z.enum(['rows', 'days']), 'rows'),
});
export type ReportQuery = Omit<z.infer<typeof reportFileQuery>, 'table'>;

const count = z.int();
const figures = z.object(
  Object.fromEntries(FIGURE_NAMES.map((name) => [name, z.nullable(z.number())])) as {
    readonly [name in FigureName]: z.ZodMiniNullable<z.ZodMiniNumber>;
  },
);

/** A day of a report, and the calls that began on it. */
export const reportDay = z.object({
  ...{ date: z.string(), from: instant, until: instant },
  ...{ handled: count, missed: count, declined: count, outgoing: count },
});
export type ReportDay = z.infer<typeof reportDay>;

/** Figures for each extension, station or group, and for all. The number and the name are empty where a call was at no phone, or in no group. */
export const report = z
  .object({
    timeZone: z.string(),
    /** How long its days are, together. */
    hours: z.number(),
    /** Some of so many rows. */
    count,
    rows: z.array(z.extend(namedThen, { figures })),
    total: figures,
    days: z.array(reportDay),
  })
  .register(z.globalRegistry, { id: 'Report' });
export type Report = z.infer<typeof report>;
