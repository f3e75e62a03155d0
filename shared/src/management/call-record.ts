import * as z from 'zod/mini';

/** Milliseconds since 1970-01-01 UTC, by the server's clock. */
const instant = z.int();
/** Milliseconds. */
const duration = z.int();

/** An extension with the number and name that it had then. */
export const namedThen = z.object({ number: z.string(), name: z.string() });
export type NamedThen = z.infer<typeof namedThen>;

/** The desk of another extension, and since when somebody was a guest there. */
export const deskThen = z.extend(namedThen, { since: z.nullable(instant) });
export type DeskThen = z.infer<typeof deskThen>;

/** Somebody in a call, as they were at that moment. */
export const recordedParty = z.extend(namedThen, {
  /** `null` for the server itself: a conference, a parking slot. */
  extension: z.nullable(z.string()),
  /** `null` where there was no phone for it. */
  terminal: z.nullable(z.string()),
  /** Where it was a guest; `null` at its own phone. */
  desk: z.nullable(deskThen),
  /** It had its number and name withheld from the other side (RFC 3323). */
  withheld: z.optional(z.literal(true)),
});
export type RecordedParty = z.infer<typeof recordedParty>;

/** Why a call did not come about, or did not reach an extension. */
export const callFailure = z.enum([
  'busy',
  // By a person who lets the caller leave a message, or whose phone has no other way to decline.
  'declined',
  // By a person who does not even want a message.
  'refused',
  'no-answer',
  'do-not-disturb',
  // It was to go on to an extension by way of which it had come, or to the phone that is calling.
  'forward-loop',
  'offline',
  'base-offline',
  'homeless',
  'desk-in-use',
  'suspended',
  'self',
  'no-such-number',
  'no-such-code',
  'locked',
  'no-emergency-route',
  'not-acceptable',
  'too-many-calls',
  'too-many-visits',
  'overloaded',
]);
export type CallFailure = z.infer<typeof callFailure>;

/** How a call ended. `transferred`: the party that was called talks in another call now (`transferredTo`). */
export const callResult = z.enum([...callFailure.options, 'answered', 'cancelled', 'lost', 'transferred']);
export type CallResult = z.infer<typeof callResult>;

/**
 * What became of ringing an extension at one terminal. `moved`: it rang on at the extension's next terminal, or for somebody else. `forwarded`: the
 * extension has set that its calls go on at once.
 */
export const attemptResult = z.enum([
  ...callFailure.options,
  'answered',
  'cancelled',
  'moved',
  'asleep',
  'forwarded',
]);
export type AttemptResult = z.infer<typeof attemptResult>;

/** An extension was rung at a terminal, or could not be. */
export const callAttempt = z.extend(recordedParty, {
  at: instant,
  /** When its phone said that it rings; `null` where none did. */
  rangAt: z.nullable(instant),
  endedAt: instant,
  result: attemptResult,
  /** Who transferred the call to it; `null` where the caller dialled it. */
  by: z.nullable(namedThen),
  /** The guest at its own phone, where that is why it could not ring. */
  occupant: z.nullable(deskThen),
  /** Where the call went on, as the extension had set; absent where it did not. */
  forwarded: z.optional(z.string()),
});
export type CallAttempt = z.infer<typeof callAttempt>;

/** How somebody came to take part. `taken-up`: their own call, gone on with at another terminal. */
const joined = z.enum(['called', 'answered', 'transferred', 'picked-up', 'taken-up', 'joined']);
/** How it ended for them. `joined`: they go on in another call. */
const left = z.enum(['ended', 'hung-up', 'lost', 'transferred', 'parked', 'taken-up', 'joined']);

/** Somebody who talked, at one terminal and without a break: who, from when to when, and how the time was spent. */
export const callLeg = z.extend(recordedParty, {
  side: z.enum(['caller', 'callee']),
  joined,
  from: instant,
  until: instant,
  left,
  /** Both sides could talk. */
  talkMs: duration,
  /** This side had put the other one on hold. */
  holdMs: duration,
  /** This side waited: on hold, parked, or for the other one to be replaced. */
  waitMs: duration,
});
export type CallLeg = z.infer<typeof callLeg>;

/** What of a call counts for one extension; docs/statistics.md defines it. Decided when the record is written, and never again. */
export const callPart = z.extend(namedThen, {
  extension: z.string(),
  /** The terminal of its first leg, else where it was rung last. */
  terminal: z.nullable(z.string()),
  /** Whose terminal that is. */
  station: z.nullable(namedThen),
  /** `joined`: it takes part, and the call is counted for it elsewhere, or not at all. */
  role: z.enum(['caller', 'callee', 'joined']),
  /** Of a callee: `null` where the call was never offered to it. Of others `null`. */
  result: z.nullable(z.enum(['handled', 'missed', 'declined'])),
  /** The extension at the other end, to which a missed call is returned; `null` where it withheld its number: nobody can call back. */
  other: z.nullable(z.string()),
  /** How long its phones rang; `null` where none did. */
  ringMs: z.nullable(duration),
  talkMs: duration,
  holdMs: duration,
  waitMs: duration,
  /** It passed the call on. */
  transferred: z.boolean(),
});
export type CallPart = z.infer<typeof callPart>;

/** A visit to the mailbox of an extension that did not answer. */
export const mailboxVisit = z.extend(namedThen, {
  from: instant,
  until: instant,
  /** The message that was left; `null` where none was. */
  message: z.nullable(z.object({ id: z.string(), durationMs: duration })),
});
export type MailboxVisit = z.infer<typeof mailboxVisit>;

/** A call that was made at a desk just before somebody came, and who says that they made it; absent until somebody does. */
const callClaim = z.object({
  by: namedThen,
  /** Whose call it was before: the desk's. */
  from: namedThen,
  at: instant,
});
export type CallClaim = z.infer<typeof callClaim>;

/** Why it ended, as SIP says it (RFC 3326). */
const sipReason = z.object({ protocol: z.string(), cause: z.int(), text: z.optional(z.string()) });

/** Everything that is kept of one call. */
export const callRecord = z
  .object({
    /** The call's, which its phones know too. */
    id: z.string(),
    startedAt: instant,
    dialled: z.string(),
    /** One end is outside the organization. There are no trunks yet, so none is. */
    external: z.boolean(),
    emergency: z.boolean(),
    caller: recordedParty,
    /** Who was called; `null` where nobody has that number. */
    callee: z.nullable(recordedParty),
    attempts: z.array(callAttempt),
    legs: z.array(callLeg),
    parts: z.array(callPart),
    /** When it first rang, was first answered, and ended; a visit to the mailbox included. */
    rangAt: z.nullable(instant),
    answeredAt: z.nullable(instant),
    endedAt: instant,
    /** Until it was answered or given up; talking; with somebody on hold or waiting; at the mailbox. Their sum is the call. */
    ringMs: duration,
    talkMs: duration,
    holdMs: duration,
    mailboxMs: duration,
    result: callResult,
    /** `null`: the server, or nobody. */
    endedBy: z.nullable(namedThen),
    reason: z.nullable(sipReason),
    /** The call from which one of its parties came, and the one in which the other party goes on. */
    transferredFrom: z.nullable(z.string()),
    transferredTo: z.nullable(z.string()),
    mailbox: z.nullable(mailboxVisit),
    claimed: z.optional(callClaim),
  })
  .register(z.globalRegistry, { id: 'CallRecord' });
export type CallRecord = z.infer<typeof callRecord>;
