import {
  EQUALS,
  isSpelled,
  LOWER_TOKEN,
  octetsOf,
  PARAMETER_VALUE,
  QUOTE,
  SEMICOLON,
  skip,
  skipQuoted,
  skipSpace,
  unquote,
} from '../octets.ts';

/**
 * The position of the parameter that `readParameter` read last. Module state, so that reading allocates nothing (hot
 * path); it is valid until the next call.
 */
export const cursor = { nameStart: 0, nameEnd: 0, valueStart: 0, valueEnd: 0 };

/**
 * Reads one `;name` or `;name=value` (`generic-param`, RFC 3261 §25.1) whose semicolon is at `at`, and moves `cursor`
 * onto it. Returns the position after it and the white space that follows, or -1 where it is malformed.
 */
export function readParameter(octets: Uint8Array, at: number, end: number): number {
  const nameStart = skipSpace(octets, at + 1);
  let position = skip(LOWER_TOKEN, octets, nameStart);
  if (position === nameStart || position > end) return -1;
  cursor.nameStart = nameStart;
  cursor.nameEnd = position;
  position = skipSpace(octets, position);
  cursor.valueStart = cursor.valueEnd = position;
  if (octets[position] !== EQUALS || position >= end) return position;

  position = skipSpace(octets, position + 1);
  cursor.valueStart = position;
  if (octets[position] === QUOTE) position = skipQuoted(octets, position, end);
  else position = skip(PARAMETER_VALUE, octets, position);
  if (position <= cursor.valueStart || position > end) return -1;
  cursor.valueEnd = position;
  return skipSpace(octets, position);
}

/** Is the parameter under the cursor the one with that lower-case name? */
export const isCursorOn = (name: string, octets: Uint8Array): boolean =>
  cursor.nameEnd - cursor.nameStart === name.length && isSpelled(name, octets, cursor.nameStart);

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
    if (text === '') return undefined;
    const octets = octetsOf(text);
    for (let at = 0; at >= 0 && at < text.length;) {
      at = readParameter(octets, at, text.length);
      if (isCursorOn(name, octets)) return unquote(text.slice(cursor.valueStart, cursor.valueEnd));
    }
    return undefined;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** As received, from the first semicolon on. */
  toString(): string {
    return this.#text;
  }
}

export const NO_PARAMETERS = new Parameters('');

/** The parameters that make up all of `text`; `undefined` where they are malformed. */
export function parseParameters(text: string): Parameters | undefined {
  const octets = octetsOf(text);
  const start = skipSpace(octets, 0);
  for (let at = start; at < text.length;) {
    if (octets[at] !== SEMICOLON) return undefined;
    at = readParameter(octets, at, text.length);
    if (at < 0) return undefined;
  }
  return start === text.length ? NO_PARAMETERS : new Parameters(text.slice(start));
}

/** A value that is a token with parameters, as many header fields have it; `undefined` where it is malformed. */
export function parseParameterized(
  value: string,
): { readonly token: string; readonly params: Parameters } | undefined {
  const end = skip(LOWER_TOKEN, octetsOf(value), 0);
  const params = parseParameters(value.slice(end));
  return end === 0 || params === undefined ? undefined : { token: value.slice(0, end), params };
}
