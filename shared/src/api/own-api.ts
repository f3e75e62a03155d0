import * as z from 'zod/mini';
import { party } from '../terminal-view.ts';
import { speaking } from './api-values.ts';
import type { Endpoint } from './api-endpoint.ts';

/** Milliseconds since 1970-01-01 UTC, by the server's clock. */
const instant = z.int();
/** Milliseconds. */
const duration = z.int();

/** A call as the history of one of its extensions has it. */
export const pastCall = z
  .object({
    id: z.string(),
    at: instant,
    /** When it was over. */
    until: instant,
    /** The other side; withheld where it was withheld from this one. */
    with: party,
    /** `joined`: it came into a call that others had begun. */
    direction: z.enum(['in', 'out', 'joined']),
    /** `answered` by the extension, or, of a call that it made, by the other side. */
    result: z.enum(['answered', 'missed', 'declined', 'not-reached']),
    /** Of a missed call: the two have talked since. */
    returned: z.boolean(),
    /** How long they talked, hold and waiting included; `null` where they did not. */
    ms: z.nullable(duration),
    /** The phone at which that was, or at which it rang last; `null` where it rang at none. */
    desk: z.nullable(party),
    /** It passed the call on. */
    transferred: z.boolean(),
    /** How long the message is that the caller left; `null` where there is none. */
    messageMs: z.nullable(duration),
  })
  .register(z.globalRegistry, { id: 'PastCall' });
export type PastCall = z.infer<typeof pastCall>;

const historyQuery = z.object({
  /** Only the missed ones. */
  missed: z.optional(z.literal('yes')),
  size: z._default(z.coerce.number().check(z.int(), z.gte(1), z.lte(100)), 30),
  /** `next` of the page before. */
  after: z.optional(z.string().check(z.regex(/^[0-9a-z.]{1,64}$/))),
});
export type HistoryQuery = z.infer<typeof historyQuery>;

export const historyPage = z.object({
  /** Whose history it is: the extension that speaks here. */
  extension: z.string(),
  calls: z.array(pastCall),
  /** Where the next page begins; `null` after the last. */
  next: z.nullable(z.string()),
});
export type HistoryPage = z.infer<typeof historyPage>;

/** What a phone asks for of the extension that speaks through it: of nobody where no person does. */
export const ownApi = {
  history: {
    method: 'GET',
    path: '/api/terminal/history',
    access: 'terminal',
    summary: 'The calls of the extension that speaks through this terminal, at any phone, the latest first.',
    query: historyQuery,
    response: historyPage,
  },
  seeHistory: {
    method: 'PUT',
    path: '/api/terminal/history/seen',
    access: 'terminal',
    summary: 'Says that missed calls which were over by then have been looked at.',
    body: z.object({ of: speaking, until: instant }),
  },
  setFavourite: {
    method: 'PUT',
    path: '/api/terminal/favourites/:number',
    access: 'terminal',
    summary: 'Makes an extension a favourite of the one that speaks through this terminal, or no longer one.',
    body: z.object({ of: speaking, favourite: z.boolean() }),
  },
} as const satisfies Record<string, Endpoint>;
