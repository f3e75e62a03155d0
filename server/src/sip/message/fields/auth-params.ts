import {
  COMMA,
  EQUALS,
  isSpelled,
  LOWER_TOKEN,
  octetsOf,
  PARAMETER_VALUE,
  QUOTE,
  skip,
  skipQuoted,
  skipSpace,
  unquote,
} from '../octets.ts';

/** Authorization, WWW-Authenticate and their Proxy- counterparts (RFC 3261 §20.7, RFC 7616 §3.4). */
export interface Credentials {
  /** In lower case: `digest`, `bearer`. */
  readonly scheme: string;
  /** `Bearer`: the token (RFC 6750 §2.1). Empty for every other scheme. */
  readonly token: string;
  /** `Digest`: values without quotes. Empty for every other scheme. */
  readonly params: DigestParameters;
}

/** What a digest response needs (RFC 7616 §3.4); all other parameters are skipped. */
const DIGEST_PARAMETERS = [
  'username',
  'realm',
  'nonce',
  'uri',
  'response',
  'algorithm',
  'cnonce',
  'nc',
  'qop',
] as const;
type DigestParameter = (typeof DIGEST_PARAMETERS)[number];
export type DigestParameters = Readonly<Record<DigestParameter, string | undefined>>;

const NO_PARAMETERS = Object.fromEntries(
  DIGEST_PARAMETERS.map((name) => [name, undefined]),
) as DigestParameters;

/** More parameters than any scheme has; a field with more is refused. */
const MAX_PARAMS = 32;

/**
 * `undefined` where it is malformed, or gives a parameter that we read twice. What follows a scheme that we do not know is not read; a
 * scheme alone has neither token nor parameters. Linear in the text's length. Hot path: no parameter costs a look-up.
 */
export function parseCredentials(text: string): Credentials | undefined {
  const octets = octetsOf(text);
  const schemeEnd = skip(LOWER_TOKEN, octets, 0);
  const start = skipSpace(octets, schemeEnd);
  if (schemeEnd === 0 || (start === schemeEnd && start < text.length)) return undefined;
  const scheme = text.slice(0, schemeEnd).toLowerCase();
  const isOurs = scheme === 'digest' || scheme === 'bearer';
  if (start >= text.length || !isOurs) return { scheme, token: '', params: NO_PARAMETERS };
  if (scheme === 'bearer') {
    const token = text.slice(start);
    return isToken68(token) ? { scheme, token, params: NO_PARAMETERS } : undefined;
  }
  const params = readDigestParameters(text, octets, start);
  return params === undefined ? undefined : { scheme, token: '', params };
}

function readDigestParameters(text: string, octets: Uint8Array, start: number): DigestParameters | undefined {
  const params = { ...NO_PARAMETERS };
  let count = 0;
  for (let at = start; ; at = skipSpace(octets, at + 1)) {
    const nameEnd = skip(LOWER_TOKEN, octets, at);
    const equals = skipSpace(octets, nameEnd);
    if (nameEnd === at || ++count > MAX_PARAMS || octets[equals] !== EQUALS) return undefined;
    const valueStart = skipSpace(octets, equals + 1);
    const isQuoted = octets[valueStart] === QUOTE;
    const valueEnd = isQuoted
      ? skipQuoted(octets, valueStart, text.length)
      : skip(PARAMETER_VALUE, octets, valueStart);
    if (valueEnd <= valueStart) return undefined;
    const name = digestParameterAt(octets, at, nameEnd);
    if (name !== undefined) {
      if (params[name] !== undefined) return undefined;
      params[name] = unquote(text.slice(valueStart, valueEnd));
    }
    at = skipSpace(octets, valueEnd);
    if (at >= text.length) return params;
    if (octets[at] !== COMMA) return undefined;
  }
}

function digestParameterAt(octets: Uint8Array, start: number, end: number): DigestParameter | undefined {
  const length = end - start;
  for (const name of DIGEST_PARAMETERS)
    if (name.length === length && isSpelled(name, octets, start)) return name;
  return undefined;
}

/** The alphabet of `token68` (RFC 9110 §11.2). */
const isToken68 = (text: string): boolean => /^[A-Za-z0-9\-._~+/]+=*$/.test(text);
