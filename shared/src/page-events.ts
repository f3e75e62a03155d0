import * as z from 'zod/mini';
import { centerEvent } from './center-events.ts';
import { party, terminalView } from './terminal-view.ts';
import { messageCounts, voicemailEvent } from './voicemail.ts';

/** Someone else in a conference. */
const participant = z.extend(party, {
  /** Their phone has lost its line, and is expected back. */
  reconnecting: z.boolean(),
});

/** A call as the server sees it from one terminal: the page rings only as long as this says so. */
export const callView = z.object({
  /** The call's id, as its phones are told it (`CALL_ID_HEADER`); Center and voicemail events name it as `call`. */
  id: z.string(),
  state: z.enum(['ringing', 'calling', 'talking']),
  /** Who has put whom on hold: `here` this side the other one, `there` the other side this one. Both may have. */
  hold: z.object({ here: z.boolean(), there: z.boolean() }),
  direction: z.enum(['incoming', 'outgoing']),
  /** The other side. */
  with: party,
  /** The extension on this side: who is called, or who calls. */
  as: party,
  since: z.int(),
  /** `reconnecting`: the other phone has lost its line, and is given up unless it is back within 30 s. */
  otherSide: z.enum(['connected', 'reconnecting']),
  /**
   * Where this side's end of the call is. `here`: a phone of this terminal has it. `away`: it was on a phone of this terminal, which has lost
   * its line or its page; another may take it up. `elsewhere`: the extension that speaks here has it at another terminal; it can be brought here.
   * `left`: this side takes no part in it any more; a page only shows what has become of it.
   */
  here: z.enum(['here', 'away', 'elsewhere', 'left']),
  /** The slot in which the call is parked: one side waits there, and the person who parked it sees it too, as if they were still in it. `with` is then who waits, or who has parked it. */
  parked: z.nullable(z.string()),
  /** The others in it, where this side is in a conference: `with` is then the conference. */
  conference: z.nullable(z.object({ participants: z.array(participant) })),
});
export type CallView = z.infer<typeof callView>;

/**
 * What the server tells an open station or phone page of its own terminal, over `GET /api/events` (WebSocket). The page sends
 * `{"token": "…", "instance": "urn:uuid:…"}` first, with the `+sip.instance` of its phone (RFC 5626 §4.1); wrong or missing within 5 s closes with code 4401. All of it is sent again whenever the page connects; to
 * lists of many, a page subscribes (`topics.ts`).
 */
export const pageEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('terminal'), at: z.int(), view: terminalView }),
  z.object({ kind: z.literal('calls'), at: z.int(), calls: z.array(callView) }),
  z.object({ kind: z.literal('center'), at: z.int(), call: z.string(), event: centerEvent }),
  /**
   * The lamp of the extension that speaks through this terminal, at every change of the mailbox or of the speaker; where the
   * terminal is locked, `extension` is null and all counts are 0.
   */
  z.object({
    kind: z.literal('mailbox'),
    at: z.int(),
    extension: z.nullable(z.string()),
    counts: messageCounts,
  }),
  z.object({ kind: z.literal('voicemail'), at: z.int(), call: z.string(), event: voicemailEvent }),
  /**
   * Every 5 s, and whenever it changes: the server is alive and holds the registration of the page's phone, or does not. Of any phone of the
   * terminal, where the page has not said which one it is.
   */
  z.object({ kind: z.literal('pulse'), at: z.int(), registered: z.boolean() }),
]);
export type PageEvent = z.infer<typeof pageEvent>;

/**
 * What the server tells an administrator's page, beside the topics that it asks for. The page sends `{"administrator": true}` first, and
 * its browser the session's cookie; without one, or when it is withdrawn, the server closes with code 4401.
 */
export const administratorEvent = z.object({
  /** Every 5 s: the server is alive. */
  kind: z.literal('alive'),
  at: z.int(),
});
export type AdministratorEvent = z.infer<typeof administratorEvent>;
