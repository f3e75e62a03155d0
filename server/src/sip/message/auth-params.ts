import {
  COMMA,
  EQUALS,
  LOWER_TOKEN,
  PARAMETER_VALUE,
  QUOTE,
  skipQuoted,
  skipSpace,
  SPACE,
  unquote,
} from './octets.ts';

/** Authorization, WWW-Authenticate and their Proxy- twins (RFC 3261 §20.7, RFC 7616 §3.4). */
export interface Credentials {
  /** In lower case: `digest`, `bearer`. */
  readonly scheme: string;
  /** `Bearer`: the token (RFC 6750 §2.1). Empty where parameters follow. */
  readonly token: string;
  /** Names in lower case, values without quotes. A Map, because the peer chooses the names. */
  readonly params: ReadonlyMap<string, string>;
}

/** More than any scheme knows; more is refused. */
const MAX_PARAMS = 32;

/** `undefined` where it is malformed, or names a parameter twice. Linear in the text's length. */
export function parseCredentials(text: string): Credentials | undefined {
  let at = 0;
  while (LOWER_TOKEN[text.charCodeAt(at)]) at++;
  if (at === 0 || text.charCodeAt(at) !== SPACE) return undefined;
  const scheme = text.slice(0, at).toLowerCase();
  at = skipSpace(text, at, text.length);
  if (scheme === 'bearer') {
    const token = text.slice(at);
    return isToken68(token) ? { scheme, token, params: new Map() } : undefined;
  }
  const params = parseAuthParams(text, at);
  return params === undefined ? undefined : { scheme, token: '', params };
}

function parseAuthParams(text: string, start: number): Map<string, string> | undefined {
  const end = text.length;
  const params = new Map<string, string>();
  let at = start;
  for (;;) {
    const nameStart = at;
    while (at < end && LOWER_TOKEN[text.charCodeAt(at)]) at++;
    const name = text.slice(nameStart, at).toLowerCase();
    at = skipSpace(text, at, end);
    if (name === '' || params.has(name) || params.size === MAX_PARAMS) return undefined;
    if (text.charCodeAt(at) !== EQUALS) return undefined;
    const valueStart = (at = skipSpace(text, at + 1, end));
    if (text.charCodeAt(at) === QUOTE) at = skipQuoted(text, at, end);
    else while (at < end && PARAMETER_VALUE[text.charCodeAt(at)]) at++;
    if (at <= valueStart) return undefined;
    params.set(name, unquote(text.slice(valueStart, at)));
    at = skipSpace(text, at, end);
    if (at === end) return params;
    if (text.charCodeAt(at) !== COMMA) return undefined;
    at = skipSpace(text, at + 1, end);
  }
}

/** The alphabet of `token68` (RFC 9110 §11.2). */
const isToken68 = (text: string): boolean => /^[A-Za-z0-9\-._~+/]+=*$/.test(text);

/** A value as a quoted string (RFC 3261 §25.1); to be made of octets without line ends. */
export const quote = (octets: string): string => `"${octets.replace(/[\\"]/g, '\\$&')}"`;
