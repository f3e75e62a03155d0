import * as z from 'zod/mini';
import { deskThen, namedThen } from './call-record.ts';

/** Milliseconds since 1970-01-01 UTC. */
const instant = z.int();

/** Who was at a phone when its leg began. */
const ladderParty = z.extend(namedThen, {
  /** Whose phone it was, where a guest was there. */
  desk: z.nullable(z.omit(deskThen, { since: true })),
});
export type LadderParty = z.infer<typeof ladderParty>;

/** One leg of a call: the SIP dialog of one phone with the server. */
const ladderLeg = z.object({
  party: ladderParty,
  /** The phone has called; otherwise it was called. */
  calls: z.boolean(),
  callId: z.string(),
  /** How many of its messages are not kept: the oldest, and those that came too fast. */
  left: z.int(),
});
export type LadderLeg = z.infer<typeof ladderLeg>;

/** One SIP message, as it went over the wire. */
const ladderMessage = z.object({
  at: instant,
  /** Its place in `legs`. */
  leg: z.int(),
  /** By the server to the phone; otherwise by the phone. */
  sent: z.boolean(),
  /** Of the request, or of the one that is answered. */
  method: z.string(),
  /** Of a response. */
  status: z.nullable(z.int()),
  reason: z.string(),
  /** Whether its description of the sound is an offer or an answer (RFC 3264). */
  sdp: z.nullable(z.enum(['offer', 'answer'])),
  /** What its offer means to the other side. */
  hold: z.nullable(z.enum(['held', 'resumed'])),
  /** All of it, without secrets. */
  text: z.string(),
});
export type LadderMessage = z.infer<typeof ladderMessage>;

/** The SIP messages of one call on all of its legs. */
export const ladder = z
  .object({
    /** The call's, or of an INVITE that has become no call: `leg-17`. */
    id: z.string(),
    startedAt: instant,
    /** One of its legs is not over. */
    live: z.boolean(),
    dialled: z.string(),
    legs: z.array(ladderLeg),
    /** The earliest first. */
    messages: z.array(ladderMessage),
  })
  .register(z.globalRegistry, { id: 'SipLadder' });
export type Ladder = z.infer<typeof ladder>;

export const ladderQuery = z.object({
  /** An extension that called, was called or was dialled. */
  extension: z.optional(z.string().check(z.regex(/^\d{2,8}$/, 'An extension number has 2 to 8 digits.'))),
});

const ladderLine = z.object({
  id: z.string(),
  startedAt: instant,
  lastAt: instant,
  live: z.boolean(),
  dialled: z.string(),
  /** `null` where nobody's phone has called. */
  caller: z.nullable(ladderParty),
  /** The last final answer to its first INVITE; `null` while there is none. */
  status: z.nullable(z.int()),
  messages: z.int(),
});
export type LadderLine = z.infer<typeof ladderLine>;

/** The latest first. */
export const ladderList = z.object({
  ladders: z.array(ladderLine),
  /** Calls of the last hour of which nothing was kept, since too many began at once; `null` where there are none. */
  leftOut: z.nullable(z.object({ calls: z.int(), lastAt: instant })),
});
export type LadderList = z.infer<typeof ladderList>;
