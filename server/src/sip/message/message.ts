import type { CSeq } from './fields/cseq.ts';
import type { NameAddr } from './fields/name-addr.ts';
import type { Via } from './fields/via.ts';

/**
 * SIP messages as values. The whole stack works on *octet strings*: a frame is decoded as latin1, so that one code
 * unit is one octet, lengths are octet counts, and unknown bytes pass through unharmed. Only text for people
 * (a display name) is decoded as UTF-8, by the code that shows it (`decodeUtf8`).
 */

/** One header field as it goes on the wire: canonical name, value without line ends. */
export type HeaderField = readonly [name: string, value: string];

/**
 * The header fields of a message. Names are asked for in lower case and long form (`call-id`, never `i`);
 * case and compact forms on the wire are folded (RFC 3261 §7.3.1, §7.3.3).
 */
export interface Headers {
  /** The first field of that name: unfolded, trimmed; a list header's whole line. `undefined` where absent. */
  get(name: string): string | undefined;
  /** Every value of that name in order; a list header's (Via, Contact, Route …) lines are split at their commas. */
  all(name: string): readonly string[];
  /** How many fields (lines) of that name there are. */
  count(name: string): number;
  /** Those fields as received, line ends included; empty where absent. */
  lines(name: string): string;
}

/** The Contact entries, or `*` for all bindings at once (RFC 3261 §10.2.2). */
export type Contacts = readonly NameAddr[] | '*';

/** The fields that every message must have (RFC 3261 §8.1.1), and the contacts: well-formed in every `SipMessage`. */
export interface Essentials {
  /** The topmost. */
  readonly via: Via;
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly callId: string;
  readonly cseq: CSeq;
  readonly contacts: Contacts;
}

export interface SipRequest {
  readonly kind: 'request';
  readonly method: string;
  /** The Request-URI as received. */
  readonly uri: string;
  readonly headers: Headers;
  /** What every message has and every layer asks for: parsed once, read by `viaOf`, `fromOf` … */
  readonly essentials: Essentials;
  readonly body: string;
  /** The frame in which it came, an octet string: the message as a value. */
  readonly frame: string;
}

export interface SipResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  readonly headers: Headers;
  /** What every message has and every layer asks for: parsed once, read by `viaOf`, `fromOf` … */
  readonly essentials: Essentials;
  readonly body: string;
  /** The frame in which it came, an octet string: the message as a value. */
  readonly frame: string;
}

export type SipMessage = SipRequest | SipResponse;
