import { isSpelled } from './header-names.ts';
import {
  COLON,
  COMMA,
  consistsOf,
  HOST_OCTET,
  IPV6_OCTET,
  isDigit,
  LOWER_TOKEN,
  readDecimal,
  SEMICOLON,
  skipSpace,
  SLASH,
} from './octets.ts';
import { MAX_IDENTIFIER } from './name-addr.ts';
import { cursor, parametersBetween, readParameter } from './parameters.ts';
import type { Parameters } from './parameters.ts';

/** One Via (RFC 3261 §20.42). */
export interface Via {
  /** `WSS`, as it stood. */
  readonly transport: string;
  /** Host, and port where there is one, as they stood. */
  readonly sentBy: string;
  readonly branch: string | undefined;
  readonly params: Parameters;
}

/** Reads the Via at the beginning of a Via header field's value; `undefined` where it is malformed. Hot path. */
export function readVia(text: string): Via | undefined {
  const end = text.length;
  let at = text.startsWith('SIP/2.0/') ? 8 : readSpacedProtocol(text);
  if (at < 0) return undefined;

  const transportStart = at;
  while (at < end && LOWER_TOKEN[text.charCodeAt(at)]) at++;
  const transportEnd = at;
  at = skipSpace(text, at, end);
  if (transportEnd === transportStart || at === transportEnd) return undefined;

  const sentByStart = at;
  at = skipHost(text, at, end);
  if (at < 0) return undefined;
  let sentByEnd = at;
  at = skipSpace(text, at, end);
  if (text.charCodeAt(at) === COLON) {
    const portStart = skipSpace(text, at + 1, end);
    at = portStart;
    while (at < end && isDigit(text.charCodeAt(at))) at++;
    if (readDecimal(text, portStart, at, 65_535) < 0) return undefined;
    sentByEnd = at;
    at = skipSpace(text, at, end);
  }

  const paramsStart = at;
  let branch: string | undefined;
  while (at < end && text.charCodeAt(at) !== COMMA) {
    if (text.charCodeAt(at) !== SEMICOLON) return undefined;
    at = readParameter(text, at, end);
    if (at < 0) return undefined;
    if (cursor.nameEnd - cursor.nameStart === 6 && isSpelled('branch', text, cursor.nameStart)) {
      const length = cursor.valueEnd - cursor.valueStart;
      if (branch !== undefined || length === 0 || length > MAX_IDENTIFIER) return undefined;
      branch = text.slice(cursor.valueStart, cursor.valueEnd);
    }
  }
  return {
    transport: text.slice(transportStart, transportEnd),
    sentBy: text.slice(sentByStart, sentByEnd),
    branch,
    params: parametersBetween(text, paramsStart, at),
  };
}

/** The position after `SIP / 2.0 /` in any case and with any white space, or -1. */
function readSpacedProtocol(text: string): number {
  const end = text.length;
  if (!isSpelled('sip', text, 0)) return -1;
  let at = skipSpace(text, 3, end);
  if (text.charCodeAt(at) !== SLASH) return -1;
  at = skipSpace(text, at + 1, end);
  if (!text.startsWith('2.0', at)) return -1;
  at = skipSpace(text, at + 3, end);
  return text.charCodeAt(at) === SLASH ? skipSpace(text, at + 1, end) : -1;
}

/** The position after a host name, an IPv4 address or a bracketed IPv6 address; -1 where there is none. */
function skipHost(text: string, start: number, end: number): number {
  if (text.charCodeAt(start) === 91) {
    const close = text.indexOf(']', start);
    return close > start + 1 && consistsOf(IPV6_OCTET, text, start + 1, close) ? close + 1 : -1;
  }
  let at = start;
  while (at < end && HOST_OCTET[text.charCodeAt(at)]) at++;
  return at > start ? at : -1;
}
