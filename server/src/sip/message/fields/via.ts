import { MAX_IDENTIFIER } from './name-addr.ts';
import {
  COLON,
  COMMA,
  DIGIT,
  HOST_OCTET,
  IPV6_OCTET,
  isSpelled,
  LOWER_TOKEN,
  readDecimal,
  SEMICOLON,
  skip,
  skipSpace,
  SLASH,
} from '../octets.ts';
import { cursor, isCursorOn, NO_PARAMETERS, Parameters, readParameter } from './parameters.ts';

/** One Via (RFC 3261 §20.42). */
export class Via {
  /** The whole value, as received. */
  readonly text: string;
  /** `WSS`, as received. */
  readonly transport: string;
  /** Host, and port where there is one, as received. */
  readonly sentBy: string;
  readonly branch: string | undefined;
  readonly #paramsStart: number;

  constructor(
    text: string,
    transport: string,
    sentBy: string,
    branch: string | undefined,
    paramsStart: number,
  ) {
    this.text = text;
    this.transport = transport;
    this.sentBy = sentBy;
    this.branch = branch;
    this.#paramsStart = paramsStart;
  }

  get params(): Parameters {
    const text = this.text.slice(this.#paramsStart);
    return text === '' ? NO_PARAMETERS : new Parameters(text);
  }

  /** Is the branch its only parameter? It is in browsers' requests. */
  get isBare(): boolean {
    const { branch, text } = this;
    const rest = text.length - this.#paramsStart;
    return branch === undefined ? rest === 0 : rest === ';branch='.length + branch.length;
  }
}

/**
 * Reads the first Via in `text`, whose octets are `octets`; `undefined` where it is malformed. Hot path.
 */
export function readVia(text: string, octets: Uint8Array, start: number, end: number): Via | undefined {
  const transportStart = skipProtocol(octets, start);
  if (transportStart < 0) return undefined;
  const transportEnd = skip(LOWER_TOKEN, octets, transportStart);
  const sentByStart = skipSpace(octets, transportEnd);
  if (transportEnd === transportStart || sentByStart === transportEnd) return undefined;

  let sentByEnd = skipHost(octets, sentByStart);
  if (sentByEnd < 0) return undefined;
  let at = skipSpace(octets, sentByEnd);
  if (octets[at] === COLON) {
    const portStart = skipSpace(octets, at + 1);
    sentByEnd = skip(DIGIT, octets, portStart);
    if (readDecimal(octets, portStart, sentByEnd, 65_535) < 0) return undefined;
    at = skipSpace(octets, sentByEnd);
  }

  const paramsStart = at;
  let branch: string | undefined;
  while (at < end && octets[at] !== COMMA) {
    if (octets[at] !== SEMICOLON) return undefined;
    at = readParameter(octets, at, end);
    if (at < 0) return undefined;
    if (isCursorOn('branch', octets)) {
      const length = cursor.valueEnd - cursor.valueStart;
      if (branch !== undefined || length === 0 || length > MAX_IDENTIFIER) return undefined;
      branch = text.slice(cursor.valueStart, cursor.valueEnd);
    }
  }
  return new Via(
    text.slice(start, Math.min(at, end)),
    text.slice(transportStart, transportEnd),
    text.slice(sentByStart, sentByEnd),
    branch,
    paramsStart - start,
  );
}

/** The position after `SIP/2.0/` in any case and with any white space, or -1. */
function skipProtocol(octets: Uint8Array, start: number): number {
  if (!isSpelled('sip', octets, start)) return -1;
  let at = skipSpace(octets, start + 3);
  if (octets[at] !== SLASH) return -1;
  at = skipSpace(octets, at + 1);
  if (!isSpelled('2.0', octets, at)) return -1;
  at = skipSpace(octets, at + 3);
  return octets[at] === SLASH ? skipSpace(octets, at + 1) : -1;
}

/** The position after a host name, an IPv4 address or a bracketed IPv6 address; -1 where there is none. */
function skipHost(octets: Uint8Array, start: number): number {
  if (octets[start] === 91) {
    const close = skip(IPV6_OCTET, octets, start + 1);
    return octets[close] === 93 && close > start + 1 ? close + 1 : -1;
  }
  const end = skip(HOST_OCTET, octets, start);
  return end > start ? end : -1;
}
