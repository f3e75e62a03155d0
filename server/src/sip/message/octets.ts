/** Character classes of RFC 3261 §25.1 over octets, as tables: one lookup a character on the hot path. */

export const TAB = 9;
export const LF = 10;
export const CR = 13;
export const SPACE = 32;
export const QUOTE = 34;
export const COMMA = 44;
export const SLASH = 47;
export const COLON = 58;
export const SEMICOLON = 59;
export const LESS = 60;
export const EQUALS = 61;
export const GREATER = 62;
export const QUESTION = 63;
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

/** What may stand in an unquoted parameter value: wider than `token`, so that hosts and base64 pass. */
export const PARAMETER_VALUE: Uint8Array = table(`${ALPHANUMERIC}-.!%*_+\`'~[]:@/=&$?#^|{}()`, yes);

/** What may stand in a URI: printable ASCII without the delimiters that would end one (RFC 3261 §25.1, RFC 3986 §2). */
export const URI_OCTET: Uint8Array = table(`${ALPHANUMERIC}-._~:/?#[]@!$&'()*+,;=%|^\`{}\\`, yes);

/** What may stand in the sent-by of a Via: a host name or address, without its port. */
export const HOST_OCTET: Uint8Array = table(`${ALPHANUMERIC}-._`, yes);

/** What may stand between the brackets of an IPv6 address. */
export const IPV6_OCTET: Uint8Array = table('0123456789abcdefABCDEF:.', yes);

/** What may stand in a Call-ID: `word [ "@" word ]`. */
export const CALL_ID_OCTET: Uint8Array = table(`${ALPHANUMERIC}-.!%*_+\`'~()<>:\\"/[]?{}@`, yes);

export const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Do all octets of `text` between `start` and `end` belong to `octets`? True of nothing. */
export function consistsOf(octets: Uint8Array, text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!octets[text.charCodeAt(at)]) return false;
  return true;
}

/** The first position from `at` on that is no space or tab. */
export function skipSpace(text: string, at: number, end: number): number {
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code !== SPACE && code !== TAB) break;
    at++;
  }
  return at;
}

/**
 * The decimal number between `start` and `end`, or -1 where there is none, another character among its digits, or it
 * is greater than `limit`. Leading zeros count nothing.
 */
export function readDecimal(text: string, start: number, end: number, limit: number): number {
  if (start >= end) return -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) return -1;
    value = value * 10 + code - 48;
    if (value > limit) return -1;
  }
  return value;
}

/** The position after the quoted string that begins at `start`, or -1 where it is not closed before `end` (RFC 3261 §25.1). */
export function skipQuoted(text: string, start: number, end: number): number {
  for (let at = start + 1; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) at++;
  }
  return -1;
}

/** A quoted string's content without quotes and escapes; any other text as it is. */
export function unquote(text: string): string {
  if (text.charCodeAt(0) !== QUOTE) return text;
  const content = text.slice(1, -1);
  return content.includes('\\') ? content.replace(/\\([^])/g, '$1') : content;
}
