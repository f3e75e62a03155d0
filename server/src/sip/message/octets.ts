/** Character classes of RFC 3261 §25.1 over octets, as tables: one lookup a character on the hot path. */

export const TAB = 9;
export const LF = 10;
export const CR = 13;
export const SPACE = 32;
export const QUOTE = 34;
export const STAR = 42;
export const COMMA = 44;
export const SLASH = 47;
export const COLON = 58;
export const SEMICOLON = 59;
export const LESS = 60;
export const EQUALS = 61;
export const GREATER = 62;
export const QUESTION = 63;
export const AT = 64;
export const BACKSLASH = 92;

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function table(characters: string, value: (character: string) => number): Uint8Array {
  const octets = new Uint8Array(256);
  for (const character of characters) octets[character.charCodeAt(0)] = value(character);
  return octets;
}

const yes = (): number => 1;

/** A `token` character in lower case, 0 for any other octet. */
export const LOWER_TOKEN: Uint8Array = table(`${ALPHANUMERIC}-.!%*_+\`'~`, (character) =>
  character.toLowerCase().charCodeAt(0),
);

/** What may appear in an unquoted parameter value: wider than `token`, so that hosts and base64 pass. */
export const PARAMETER_VALUE: Uint8Array = table(`${ALPHANUMERIC}-.!%*_+\`'~[]:@/=&$?#^|{}()`, yes);

/** What may appear in a URI: printable ASCII without the delimiters that would end one (RFC 3261 §25.1, RFC 3986 §2). */
export const URI_OCTET: Uint8Array = table(`${ALPHANUMERIC}-._~:/?#[]@!$&'()*+,;=%|^\`{}\\`, yes);

/** What a URI's scheme is made of, after its first letter. */
export const SCHEME_OCTET: Uint8Array = table(`${ALPHANUMERIC}+-.`, yes);

/** What an unquoted display name is made of: tokens and the white space between them, and UTF-8 beyond the grammar. */
export const DISPLAY_OCTET: Uint8Array = LOWER_TOKEN.map((lower, octet) =>
  octet > 127 || octet === SPACE || octet === TAB ? 1 : lower,
);

/** What may appear in the sent-by of a Via: a host name or address, without its port. */
export const HOST_OCTET: Uint8Array = table(`${ALPHANUMERIC}-._`, yes);

/** What may appear between the brackets of an IPv6 address. */
export const IPV6_OCTET: Uint8Array = table('0123456789abcdefABCDEF:.', yes);

/** What may appear in a Call-ID: `word [ "@" word ]`. */
export const CALL_ID_OCTET: Uint8Array = table(`${ALPHANUMERIC}-.!%*_+\`'~()<>:\\"/[]?{}@`, yes);

/** `DIGIT`. */
export const DIGIT: Uint8Array = table('0123456789', yes);

/** As much as one frame may hold; a longer text gets a buffer of its own. */
const SCRATCH_OCTETS = 65_536;
const scratch = Buffer.alloc(SCRATCH_OCTETS + 1);

/**
 * The octets of a text, to be scanned at a third of the cost of `charCodeAt`, with a NUL behind the last. They are in one
 * shared buffer: valid until the next call.
 */
export function octetsOf(text: string): Uint8Array {
  if (text.length > SCRATCH_OCTETS) return ownOctetsOf(text);
  scratch.write(text, 'latin1');
  scratch[text.length] = 0;
  return scratch;
}

/** The same in a buffer of their own. */
export const ownOctetsOf = (text: string): Buffer => Buffer.from(`${text}\0`, 'latin1');

/** Do all octets from `start` up to `end` belong to `table`? True of an empty range. */
export function consistsOf(table: Uint8Array, octets: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (table[octets[at] ?? 0] === 0) return false;
  return true;
}

/** The first position from `at` on where the octet is not in `table`. NUL belongs to no table, so that it ends before the text does. */
export function skip(table: Uint8Array, octets: Uint8Array, at: number): number {
  while (table[octets[at] ?? 0] !== 0) at++;
  return at;
}

/** The first position from `at` on that is no space or tab. */
export function skipSpace(octets: Uint8Array, at: number): number {
  while (octets[at] === SPACE || octets[at] === TAB) at++;
  return at;
}

/**
 * The decimal number from `start` up to `end`, or -1 where there is none, another character among its digits, or it
 * is greater than `limit`. Leading zeros do not count.
 */
export function readDecimal(octets: Uint8Array, start: number, end: number, limit: number): number {
  if (start >= end) return -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = (octets[at] ?? 0) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
    if (value > limit) return -1;
  }
  return value;
}

/** The position after the quoted string that begins at `start`, or -1 where it is not closed before `end` (RFC 3261 §25.1). */
export function skipQuoted(octets: Uint8Array, start: number, end: number): number {
  for (let at = start + 1; at < end; at++) {
    const octet = octets[at];
    if (octet === QUOTE) return at + 1;
    if (octet === BACKSLASH) at++;
  }
  return -1;
}

/** Is the token `spelling` (given in lower case) at `start`, in any case? */
export function isSpelled(spelling: string, octets: Uint8Array, start: number): boolean {
  for (let at = 0; at < spelling.length; at++) {
    if (LOWER_TOKEN[octets[start + at] ?? 0] !== spelling.charCodeAt(at)) return false;
  }
  return true;
}

/** A quoted string's content without quotes and escapes; any other text as it is. */
export function unquote(text: string): string {
  if (text.charCodeAt(0) !== QUOTE) return text;
  const content = text.slice(1, -1);
  return content.includes('\\') ? content.replace(/\\([^])/g, '$1') : content;
}
