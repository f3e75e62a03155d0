import { readEssentials } from './essentials.ts';
import { HEADER } from './header-names.ts';
import type { SipMessage } from './message.ts';
import { hasUriHeaders, isUri } from './name-addr.ts';
import { CR, LF, LOWER_TOKEN, readDecimal, SPACE } from './octets.ts';
import { refusal } from './refusal.ts';
import { WireHeaders } from './wire-headers.ts';

/** A message, or why it is none; `reply` is the response to send, `undefined` where the frame must be dropped in silence. */
export type ParseResult =
  | { readonly ok: true; readonly message: SipMessage }
  | {
      readonly ok: false;
      readonly status: number;
      readonly reason: string;
      readonly reply: string | undefined;
    };

/** Methods are compared and counted: a longer one is nobody's. */
const MAX_METHOD = 64;

/**
 * Parses one frame, decoded as latin1: one message (RFC 7118 §5), octets after its Content-Length ignored. Never throws.
 * Hot path: no regular expressions, values are sliced when they are asked for. Strict where it acts on what it reads
 * (RFC 4475 lets it choose), blind where it does not.
 */
export function parseMessage(frame: string): ParseResult {
  let start = 0;
  while (frame.charCodeAt(start) === CR && frame.charCodeAt(start + 1) === LF) start += 2;
  const lineEnd = frame.indexOf('\r\n', start);
  if (lineEnd < 0) return dropped('No Start Line');
  return frame.startsWith('SIP/', start)
    ? parseResponse(frame, start, lineEnd)
    : parseRequest(frame, start, lineEnd);
}

function parseRequest(frame: string, start: number, lineEnd: number): ParseResult {
  let methodEnd = start;
  while (LOWER_TOKEN[frame.charCodeAt(methodEnd)]) methodEnd++;
  if (methodEnd === start || frame.charCodeAt(methodEnd) !== SPACE) return dropped('No Start Line');
  const method = frame.slice(start, methodEnd);
  const uriStart = methodEnd + 1;
  const uriEnd = frame.indexOf(' ', uriStart);
  const headers = new WireHeaders(frame, lineEnd + 2);

  if (uriEnd < 0 || lineEnd - uriEnd !== 8 || !frame.startsWith('SIP/2.0', uriEnd + 1)) {
    const version = /(?:^| )(SIP\/\d{1,9}\.\d{1,9})[ \t]*$/i.exec(
      frame.slice(uriStart, lineEnd).slice(-64),
    )?.[1];
    if (version === undefined) return dropped('No Start Line');
    if (version.toUpperCase() !== 'SIP/2.0') return refused(method, headers, 505, '');
    if (uriEnd + 1 + version.length !== lineEnd)
      return refused(method, headers, 400, 'Malformed Request Line');
  }
  if (method.length > MAX_METHOD) return refused(method, headers, 400, 'Malformed Request Line');
  if (!isUri(frame, uriStart, uriEnd)) return refused(method, headers, 400, 'Malformed Request-URI');
  const uri = frame.slice(uriStart, uriEnd);
  if (isSip(uri) && hasUriHeaders(uri, 0, uri.length)) {
    return refused(method, headers, 400, 'Headers In Request-URI');
  }

  if (headers.fault !== undefined) return refused(method, headers, 400, headers.fault);
  const essentials = readEssentials(headers);
  if (typeof essentials === 'string') return refused(method, headers, 400, essentials);
  if (essentials.cseq.method !== method) return refused(method, headers, 400, 'CSeq Method Mismatch');
  const maxForwards = headers.first(HEADER.maxForwards);
  if (maxForwards !== undefined && readDecimal(maxForwards, 0, maxForwards.length, 255) < 0) {
    return refused(method, headers, 400, 'Malformed Max-Forwards');
  }
  const bodyEnd = endOfBody(frame, headers);
  if (bodyEnd < 0) return refused(method, headers, 400, 'Content-Length Mismatch');
  const body = frame.slice(headers.bodyStart, bodyEnd);
  return { ok: true, message: { kind: 'request', method, uri, headers, essentials, body } };
}

function parseResponse(frame: string, start: number, lineEnd: number): ParseResult {
  const status = readDecimal(frame, start + 8, start + 11, 699);
  const afterStatus = start + 11;
  if (
    !frame.startsWith('SIP/2.0 ', start) ||
    status < 100 ||
    (afterStatus !== lineEnd && frame.charCodeAt(afterStatus) !== SPACE)
  ) {
    return dropped('Malformed Status Line');
  }
  const headers = new WireHeaders(frame, lineEnd + 2);
  if (headers.fault !== undefined) return dropped(headers.fault);
  const essentials = readEssentials(headers);
  if (typeof essentials === 'string') return dropped(essentials);
  const bodyEnd = endOfBody(frame, headers);
  if (bodyEnd < 0) return dropped('Content-Length Mismatch');
  const reason = frame.slice(Math.min(afterStatus + 1, lineEnd), lineEnd);
  const body = frame.slice(headers.bodyStart, bodyEnd);
  return { ok: true, message: { kind: 'response', status, reason, headers, essentials, body } };
}

/** Where the body ends: by its Content-Length, by the frame's end where there is none; -1 where the length is no number or too large. */
function endOfBody(frame: string, headers: WireHeaders): number {
  const length = headers.first(HEADER.contentLength);
  if (length === undefined) return frame.length;
  const octets = readDecimal(length, 0, length.length, frame.length - headers.bodyStart);
  return octets < 0 ? -1 : headers.bodyStart + octets;
}

const isSip = (uri: string): boolean => /^sips?:/i.test(uri);

const dropped = (reason: string): ParseResult => ({ ok: false, status: 400, reason, reply: undefined });

/** An ACK is never answered (RFC 3261 §8.2.6.1). */
const refused = (method: string, headers: WireHeaders, status: number, reason: string): ParseResult => ({
  ok: false,
  status,
  reason,
  reply: method === 'ACK' ? undefined : refusal(headers, status, reason),
});
