import {
  COMMA,
  EQUALS,
  LOWER_TOKEN,
  octetsOf,
  PARAMETER_VALUE,
  QUOTE,
  skip,
  skipQuoted,
  skipSpace,
  unquote,
} from './octets.ts';

/** Authorization, WWW-Authenticate and their Proxy- twins (RFC 3261 §20.7, RFC 7616 §3.4). */
export interface Credentials {
  /** In lower case: `digest`, `bearer`. */
  readonly scheme: string;
  /** `Bearer`: the token (RFC 6750 §2.1). Empty for every other scheme. */
  readonly token: string;
  /** `Digest`: names in lower case, values without quotes. A Map, because the peer chooses the names. Empty for every other scheme. */
  readonly params: ReadonlyMap<string, string>;
}

/** More than any scheme knows; more is refused. */
const MAX_PARAMS = 32;

/**
 * `undefined` where it is malformed, or names a parameter twice. What follows a scheme that we do not know is not read; a scheme
 * alone has neither token nor parameters. Linear in the text's length.
 */
export function parseCredentials(text: string): Credentials | undefined {
  const octets = octetsOf(text);
  const schemeEnd = skip(LOWER_TOKEN, octets, 0);
  const start = skipSpace(octets, schemeEnd);
  if (schemeEnd === 0 || (start === schemeEnd && start < text.length)) return undefined;
  const scheme = text.slice(0, schemeEnd).toLowerCase();
  const isOurs = scheme === 'digest' || scheme === 'bearer';
  if (start >= text.length || !isOurs) return { scheme, token: '', params: new Map() };
  if (scheme === 'bearer') {
    const token = text.slice(start);
    return isToken68(token) ? { scheme, token, params: new Map() } : undefined;
  }
  const params = readAuthParams(text, octets, start);
  return params === undefined ? undefined : { scheme, token: '', params };
}

function readAuthParams(text: string, octets: Uint8Array, start: number): Map<string, string> | undefined {
  const params = new Map<string, string>();
  for (let at = start; ; at = skipSpace(octets, at + 1)) {
    const nameEnd = skip(LOWER_TOKEN, octets, at);
    const name = text.slice(at, nameEnd).toLowerCase();
    const equals = skipSpace(octets, nameEnd);
    if (name === '' || params.has(name) || params.size === MAX_PARAMS) return undefined;
    if (octets[equals] !== EQUALS) return undefined;
    const valueStart = skipSpace(octets, equals + 1);
    const isQuoted = octets[valueStart] === QUOTE;
    const valueEnd = isQuoted
      ? skipQuoted(octets, valueStart, text.length)
      : skip(PARAMETER_VALUE, octets, valueStart);
    if (valueEnd <= valueStart) return undefined;
    params.set(name, unquote(text.slice(valueStart, valueEnd)));
    at = skipSpace(octets, valueEnd);
    if (at >= text.length) return params;
    if (octets[at] !== COMMA) return undefined;
  }
}

/** The alphabet of `token68` (RFC 9110 §11.2). */
const isToken68 = (text: string): boolean => /^[A-Za-z0-9\-._~+/]+=*$/.test(text);
