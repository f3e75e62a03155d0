import { readEssentials } from './essentials.ts';
import { HEADER } from './header-names.ts';
import type { SipMessage } from './message.ts';
import { skipUri } from './fields/name-addr.ts';
import {
  AT,
  CR,
  isSpelled,
  LF,
  LOWER_TOKEN,
  octetsOf,
  QUESTION,
  readDecimal,
  skip,
  SPACE,
  URI_OCTET,
} from './octets.ts';
import { reasonPhrase } from './reason-phrases.ts';
import { refusal } from './refusal.ts';
import { WireHeaders } from './wire-headers.ts';

/** A message, or why the frame is not one; `reply` is the response to send, `undefined` where the frame must be dropped silently. */
export type ParseResult =
  /** `rest`: the octets after the message in its frame, which are not read. */
  | { readonly ok: true; readonly message: SipMessage; readonly rest: string }
  | {
      readonly ok: false;
      readonly status: number;
      readonly reason: string;
      readonly reply: string | undefined;
    };

/** Methods are compared and counted: no known method is this long. */
const MAX_METHOD = 64;

/**
 * Parses one frame, decoded as latin1: one message (RFC 7118 §5); what follows its Content-Length is not part of it. Never throws.
 * Hot path: no regular expressions, values are sliced when they are asked for. Strict about what it acts on
 * (RFC 4475 leaves the choice), indifferent to the rest.
 */
export function parseMessage(frame: string): ParseResult {
  const octets = octetsOf(frame);
  let start = 0;
  while (octets[start] === CR && octets[start + 1] === LF) start += 2;
  const lineEnd = frame.indexOf('\r\n', start);
  if (lineEnd < 0) return dropped('No Start Line');
  return frame.startsWith('SIP/', start)
    ? parseResponse(frame, octets, start, lineEnd)
    : parseRequest(frame, octets, start, lineEnd);
}

function parseRequest(frame: string, octets: Uint8Array, start: number, lineEnd: number): ParseResult {
  const methodEnd = skip(LOWER_TOKEN, octets, start);
  const uriStart = methodEnd + 1;
  if (methodEnd === start || octets[methodEnd] !== SPACE) return dropped('No Start Line');
  const uriEnd = skipUri(octets, uriStart, URI_OCTET);
  const isPlain = uriEnd + 8 === lineEnd && frame.startsWith(' SIP/2.0', uriEnd);
  const method = frame.slice(start, methodEnd);
  if (!isPlain || method.length > MAX_METHOD || hasUriHeaders(octets, uriStart, uriEnd)) {
    const headers = new WireHeaders(frame, octets, lineEnd + 2);
    return refuseStartLine(method, frame.slice(uriStart, lineEnd), headers);
  }

  const headers = new WireHeaders(frame, octets, lineEnd + 2);
  if (headers.fault !== undefined) return refused(method, headers, 400, headers.fault);
  const essentials = readEssentials(headers, octets);
  if (typeof essentials === 'string') return refused(method, headers, 400, essentials);
  if (essentials.cseq.method !== method) return refused(method, headers, 400, 'CSeq Method Mismatch');
  if (headers.read(HEADER.maxForwards, octets, readHops) === MALFORMED) {
    return refused(method, headers, 400, 'Malformed Max-Forwards');
  }
  const body = bodyOf(frame, octets, headers);
  if (body === undefined) return refused(method, headers, 400, 'Content-Length Mismatch');
  const uri = frame.slice(uriStart, uriEnd);
  const message = { kind: 'request', method, uri, headers, essentials, body, frame } as const;
  return { ok: true, message, rest: frame.slice(headers.bodyStart + body.length) };
}

function parseResponse(frame: string, octets: Uint8Array, start: number, lineEnd: number): ParseResult {
  const afterStatus = start + 11;
  const status = readDecimal(octets, start + 8, afterStatus, 699);
  const isTerminated = afterStatus === lineEnd || octets[afterStatus] === SPACE;
  if (!frame.startsWith('SIP/2.0 ', start) || status < 100 || !isTerminated) {
    return dropped('Malformed Status Line');
  }
  const headers = new WireHeaders(frame, octets, lineEnd + 2);
  if (headers.fault !== undefined) return dropped(headers.fault);
  const essentials = readEssentials(headers, octets);
  if (typeof essentials === 'string') return dropped(essentials);
  const body = bodyOf(frame, octets, headers);
  if (body === undefined) return dropped('Content-Length Mismatch');
  const reason = frame.slice(Math.min(afterStatus + 1, lineEnd), lineEnd);
  const message = { kind: 'response', status, reason, headers, essentials, body, frame } as const;
  return { ok: true, message, rest: frame.slice(headers.bodyStart + body.length) };
}

/** Do header fields follow on a SIP URI (`?`)? Not allowed in a Request-URI (RFC 3261 §19.1.1); a `?` in the user part begins none. */
function hasUriHeaders(octets: Uint8Array, start: number, end: number): boolean {
  let found = false;
  for (let at = start; at < end; at++) {
    if (octets[at] === QUESTION) found = true;
    else if (octets[at] === AT) found = false;
  }
  return found && (isSpelled('sip', octets, start) || isSpelled('sips', octets, start));
}

/** What is wrong with a request line: its version (505), anything else about it (400), or that it is not a request at all. */
function refuseStartLine(method: string, rest: string, headers: WireHeaders): ParseResult {
  const version = /(?:^| )SIP\/(\d{1,9}\.\d{1,9})[ \t]*$/i.exec(rest.slice(-64))?.[1];
  if (version === undefined) return dropped('No Start Line');
  return version === '2.0'
    ? refused(method, headers, 400, 'Malformed Request Line')
    : refused(method, headers, 505, reasonPhrase(505));
}

const MALFORMED = -1;

const readHops = (_: string, octets: Uint8Array, start: number, end: number): number =>
  readDecimal(octets, start, end, 255);

const readLength = (_: string, octets: Uint8Array, start: number, end: number): number =>
  readDecimal(octets, start, end, Number.MAX_SAFE_INTEGER);

/** All that is left where there is no Content-Length; `undefined` where it is not a number or exceeds what is left. */
function bodyOf(frame: string, octets: Uint8Array, headers: WireHeaders): string | undefined {
  const left = frame.length - headers.bodyStart;
  const length = headers.read(HEADER.contentLength, octets, readLength) ?? left;
  if (length === MALFORMED || length > left) return undefined;
  return frame.slice(headers.bodyStart, headers.bodyStart + length);
}

const dropped = (reason: string): ParseResult => ({ ok: false, status: 400, reason, reply: undefined });

/** An ACK is never answered (RFC 3261 §8.2.6.1). */
const refused = (method: string, headers: WireHeaders, status: number, reason: string): ParseResult => ({
  ok: false,
  status,
  reason,
  reply: method === 'ACK' ? undefined : refusal(headers, status, reason),
});
