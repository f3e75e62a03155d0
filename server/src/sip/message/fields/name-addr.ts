import {
  COMMA,
  DISPLAY_OCTET,
  GREATER,
  LESS,
  LOWER_TOKEN,
  octetsOf,
  QUESTION,
  QUOTE,
  SCHEME_OCTET,
  SEMICOLON,
  skip,
  skipQuoted,
  skipSpace,
  SPACE,
  TAB,
  unquote,
  URI_OCTET,
  COLON,
} from '../octets.ts';
import { cursor, isCursorOn, NO_PARAMETERS, Parameters, readParameter } from './parameters.ts';
import { decodeUtf8 } from '../utf8.ts';

/** Tags, branches and Call-IDs that are longer are refused: they become keys that we keep. */
export const MAX_IDENTIFIER = 512;

/** `"Ada" <sip:101@example.org>;tag=…`, as From, To, Contact, Route and Refer-To have it (RFC 3261 §20.10). */
export class NameAddr {
  readonly #display: string;
  readonly #params: string;
  readonly uri: string;
  readonly tag: string | undefined;

  constructor(display: string, uri: string, params: string, tag: string | undefined) {
    this.#display = display;
    this.#params = params;
    this.uri = uri;
    this.tag = tag;
  }

  /** As people read it, decoded from UTF-8; `undefined` where there is none. */
  get displayName(): string | undefined {
    return this.#display === '' ? undefined : decodeUtf8(unquote(this.#display));
  }

  /** The header field's parameters, not the URI's. */
  get params(): Parameters {
    return this.#params === '' ? NO_PARAMETERS : new Parameters(this.#params);
  }
}

/** Where `readNameAddr` stopped: the end, or the comma before the next element. */
export let nameAddrEnd = 0;

/**
 * Reads the name-addr or addr-spec with parameters in `text`, whose octets are `octets`; `undefined` where
 * it is malformed. Hot path. Beyond the grammar, an unquoted display name may hold UTF-8.
 */
export function readNameAddr(
  text: string,
  octets: Uint8Array,
  start: number,
  end: number,
): NameAddr | undefined {
  const displayStart = skipSpace(octets, start);
  let displayEnd: number;
  let at: number;
  const quoted = octets[displayStart] === QUOTE;
  if (quoted) {
    displayEnd = skipQuoted(octets, displayStart, end);
    if (displayEnd < 0) return undefined;
    at = skipSpace(octets, displayEnd);
  } else {
    displayEnd = at = skip(DISPLAY_OCTET, octets, displayStart);
    while (displayEnd > displayStart && isSpace(octets[displayEnd - 1])) displayEnd--;
  }

  const isBracketed = octets[at] === LESS;
  if (!isBracketed && quoted) return undefined;
  if (!isBracketed) displayEnd = displayStart;
  const uriStart = isBracketed ? at + 1 : displayStart;
  const uriEnd = skipUri(octets, uriStart, isBracketed ? URI_OCTET : ADDR_SPEC_OCTET);
  if (uriEnd < 0 || (isBracketed && octets[uriEnd] !== GREATER)) return undefined;

  at = skipSpace(octets, isBracketed ? uriEnd + 1 : uriEnd);
  const paramsStart = at;
  let tag: string | undefined;
  while (at < end && octets[at] !== COMMA) {
    if (octets[at] !== SEMICOLON) return undefined;
    at = readParameter(octets, at, end);
    if (at < 0) return undefined;
    if (isCursorOn('tag', octets)) {
      const length = cursor.valueEnd - cursor.valueStart;
      // A token, no quoted string (RFC 3261 §25.1): it goes into requests of ours.
      const isToken = length > 0 && octets[cursor.valueStart] !== QUOTE;
      if (tag !== undefined || !isToken || length > MAX_IDENTIFIER) return undefined;
      tag = text.slice(cursor.valueStart, cursor.valueEnd);
    }
  }
  nameAddrEnd = Math.min(at, end);
  return new NameAddr(
    text.slice(displayStart, displayEnd),
    text.slice(uriStart, uriEnd),
    text.slice(paramsStart, nameAddrEnd),
    tag,
  );
}

/** The name-addr or addr-spec that makes up all of `text`; `undefined` where it is malformed. */
export function parseNameAddr(text: string): NameAddr | undefined {
  const parsed = readNameAddr(text, octetsOf(text), 0, text.length);
  return parsed !== undefined && nameAddrEnd === text.length ? parsed : undefined;
}

/** A URI outside of `<>` ends where the header field's own parameters, or the next element, begin (RFC 3261 §20). */
const ADDR_SPEC_OCTET = URI_OCTET.map((is, octet) =>
  octet === SEMICOLON || octet === COMMA || octet === QUESTION ? 0 : is,
);

/**
 * The position after the URI, of any scheme, that begins at `start` and consists of `table`'s octets; -1 where there is none:
 * `ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) ":" 1*octet`.
 */
export function skipUri(octets: Uint8Array, start: number, table: Uint8Array): number {
  const first = (LOWER_TOKEN[octets[start] ?? 0] ?? 0) - 97;
  if (first < 0 || first > 25) return -1;
  const colon = skip(SCHEME_OCTET, octets, start);
  if (octets[colon] !== COLON) return -1;
  const end = skip(table, octets, colon + 1);
  return end > colon + 1 ? end : -1;
}

const isSpace = (octet: number | undefined): boolean => octet === SPACE || octet === TAB;
