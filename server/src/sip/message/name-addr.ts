import {
  COMMA,
  consistsOf,
  GREATER,
  isDigit,
  LESS,
  LOWER_TOKEN,
  QUESTION,
  QUOTE,
  SEMICOLON,
  skipQuoted,
  skipSpace,
  SPACE,
  TAB,
  unquote,
  URI_OCTET,
} from './octets.ts';
import { isSpelled } from './header-names.ts';
import { cursor, parametersBetween, readParameter } from './parameters.ts';
import type { Parameters } from './parameters.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

/** Tags, branches and Call-IDs that are longer are refused: they become keys that we keep. */
export const MAX_IDENTIFIER = 512;

/** `"Ada" <sip:101@example.org>;tag=…`, as From, To, Contact, Route and Refer-To have it (RFC 3261 §20.10). */
export class NameAddr {
  readonly #display: string;
  readonly uri: string;
  /** The header field's parameters, not the URI's. */
  readonly params: Parameters;
  readonly tag: string | undefined;

  constructor(display: string, uri: string, params: Parameters, tag: string | undefined) {
    this.#display = display;
    this.uri = uri;
    this.params = params;
    this.tag = tag;
  }

  /** As people read it, decoded from UTF-8; `undefined` where there is none. */
  get displayName(): string | undefined {
    return this.#display === '' ? undefined : decodeUtf8(unquote(this.#display));
  }
}

/** Where `readNameAddr` stopped: the end, or the comma before the next element. */
export let nameAddrEnd = 0;

/**
 * Reads one name-addr or addr-spec with parameters; `undefined` where it is malformed. Hot path. Beyond the grammar,
 * an unquoted display name may hold UTF-8.
 */
export function readNameAddr(text: string, start: number, end: number): NameAddr | undefined {
  let at = skipSpace(text, start, end);
  const displayStart = at;
  let displayEnd: number;
  let uriStart: number;
  let uriEnd: number;
  if (text.charCodeAt(at) === QUOTE) {
    displayEnd = skipQuoted(text, at, end);
    if (displayEnd < 0) return undefined;
    at = skipSpace(text, displayEnd, end);
  } else {
    while (at < end && isDisplayOctet(text.charCodeAt(at))) at++;
    displayEnd = at;
    while (displayEnd > displayStart && isSpace(text.charCodeAt(displayEnd - 1))) displayEnd--;
  }
  if (at < end && text.charCodeAt(at) === LESS) {
    uriStart = at + 1;
    uriEnd = text.indexOf('>', uriStart);
    if (uriEnd < 0 || uriEnd >= end) return undefined;
    at = uriEnd + 1;
  } else {
    if (text.charCodeAt(displayStart) === QUOTE) return undefined;
    uriStart = displayStart;
    displayEnd = displayStart;
    while (at < end && !endsAddrSpec(text.charCodeAt(at))) at++;
    uriEnd = at;
    if (text.charCodeAt(at) === QUESTION && at < end) return undefined;
  }
  if (!isUri(text, uriStart, uriEnd)) return undefined;

  at = skipSpace(text, at, end);
  const paramsStart = at;
  let tag: string | undefined;
  while (at < end && text.charCodeAt(at) !== COMMA) {
    if (text.charCodeAt(at) !== SEMICOLON) return undefined;
    at = readParameter(text, at, end);
    if (at < 0) return undefined;
    if (cursor.nameEnd - cursor.nameStart === 3 && isSpelled('tag', text, cursor.nameStart)) {
      const length = cursor.valueEnd - cursor.valueStart;
      if (tag !== undefined || length === 0 || length > MAX_IDENTIFIER) return undefined;
      tag = text.slice(cursor.valueStart, cursor.valueEnd);
    }
  }
  nameAddrEnd = at;
  return new NameAddr(
    text.slice(displayStart, displayEnd),
    text.slice(uriStart, uriEnd),
    parametersBetween(text, paramsStart, at),
    tag,
  );
}

/** The name-addr or addr-spec that makes up all of `text`; `undefined` where it is malformed. */
export function parseNameAddr(text: string): NameAddr | undefined {
  const parsed = readNameAddr(text, 0, text.length);
  return parsed !== undefined && nameAddrEnd === text.length ? parsed : undefined;
}

/** A text as a quoted display name in octets; control characters are left out. */
export function quoteDisplayName(text: string): string {
  // eslint-disable-next-line no-control-regex -- they are what must go
  const clean = text.replace(/[\u0000-\u001f\u007f]/g, '').replace(/[\\"]/g, '\\$&');
  return `"${encodeUtf8(clean)}"`;
}

/** Is what stands there shaped like a URI, of whatever scheme: `ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) ":" 1*octet`? */
export function isUri(text: string, start: number, end: number): boolean {
  const colon = text.indexOf(':', start);
  if (colon <= start || colon + 1 >= end) return false;
  const first = (LOWER_TOKEN[text.charCodeAt(start)] ?? 0) - 97;
  if (first < 0 || first > 25) return false;
  for (let at = start + 1; at < colon; at++) if (!isSchemeOctet(text.charCodeAt(at))) return false;
  return consistsOf(URI_OCTET, text, colon + 1, end);
}

function isSchemeOctet(code: number): boolean {
  const lower = LOWER_TOKEN[code] ?? 0;
  return (lower >= 97 && lower <= 122) || isDigit(code) || code === 43 || code === 45 || code === 46;
}

/** Does a SIP URI between `start` and `end` carry header fields (`?`)? A `?` in its user part is none (RFC 3261 §19.1.1). */
export function hasUriHeaders(text: string, start: number, end: number): boolean {
  const question = text.lastIndexOf('?', end - 1);
  return question >= start && text.lastIndexOf('@', end - 1) < question;
}

const isSpace = (code: number): boolean => code === SPACE || code === TAB;

const isDisplayOctet = (code: number): boolean => code > 127 || isSpace(code) || !!LOWER_TOKEN[code];

const endsAddrSpec = (code: number): boolean =>
  code === SEMICOLON || code === COMMA || code === QUESTION || isSpace(code) || code === GREATER;
