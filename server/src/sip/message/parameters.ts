import { isSpelled } from './header-names.ts';
import {
  EQUALS,
  LOWER_TOKEN,
  PARAMETER_VALUE,
  QUOTE,
  SEMICOLON,
  skipQuoted,
  skipSpace,
  unquote,
} from './octets.ts';

/**
 * Where the parameter that `readParameter` read last stands. Module state, so that reading allocates nothing (hot
 * path); it is good until the next call.
 */
export const cursor = { nameStart: 0, nameEnd: 0, valueStart: 0, valueEnd: 0 };

/**
 * Reads one `;name` or `;name=value` (`generic-param`, RFC 3261 §25.1) whose semicolon is at `at`, and moves `cursor` onto it. Returns
 * the position after it and the white space that follows, or -1 where it is malformed.
 */
export function readParameter(text: string, at: number, end: number): number {
  const nameStart = skipSpace(text, at + 1, end);
  let position = nameStart;
  while (position < end && LOWER_TOKEN[text.charCodeAt(position)]) position++;
  if (position === nameStart) return -1;
  cursor.nameStart = nameStart;
  cursor.nameEnd = position;
  position = skipSpace(text, position, end);
  cursor.valueStart = cursor.valueEnd = position;
  if (position >= end || text.charCodeAt(position) !== EQUALS) return position;

  position = skipSpace(text, position + 1, end);
  cursor.valueStart = position;
  if (text.charCodeAt(position) === QUOTE) position = skipQuoted(text, position, end);
  else while (position < end && PARAMETER_VALUE[text.charCodeAt(position)]) position++;
  if (position <= cursor.valueStart) return -1;
  cursor.valueEnd = position;
  return skipSpace(text, position, end);
}

/** The parameters of a header field or URI: kept as text, looked up on demand, names in any case. */
export class Parameters {
  readonly #text: string;

  /** `text` is empty or begins with `;`, and `readParameter` has read it to its end. */
  constructor(text: string) {
    this.#text = text;
  }

  /** The value without quotes, `''` for a flag, `undefined` where absent. The name is asked for in lower case. */
  get(name: string): string | undefined {
    const text = this.#text;
    for (let at = 0; at >= 0 && at < text.length;) {
      at = readParameter(text, at, text.length);
      if (cursor.nameEnd - cursor.nameStart === name.length && isSpelled(name, text, cursor.nameStart)) {
        return unquote(text.slice(cursor.valueStart, cursor.valueEnd));
      }
    }
    return undefined;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** As they stood on the wire, from the first semicolon on. */
  toString(): string {
    return this.#text;
  }
}

const NONE = new Parameters('');

/** The parameters between `start` and `end`, which `readParameter` has found well-formed. */
export const parametersBetween = (text: string, start: number, end: number): Parameters =>
  start >= end ? NONE : new Parameters(text.slice(start, end));

/** The parameters that make up all of `text`; `undefined` where they are malformed. */
export function parseParameters(text: string): Parameters | undefined {
  let at = skipSpace(text, 0, text.length);
  const start = at;
  while (at < text.length) {
    if (text.charCodeAt(at) !== SEMICOLON) return undefined;
    at = readParameter(text, at, text.length);
    if (at < 0) return undefined;
  }
  return parametersBetween(text, start, text.length);
}
