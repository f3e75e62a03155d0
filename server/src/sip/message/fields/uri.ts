import { COLON, HOST_OCTET, IPV6_OCTET, octetsOf, readDecimal, skip } from '../octets.ts';
import { NO_PARAMETERS, parseParameters } from './parameters.ts';
import type { Parameters } from './parameters.ts';

/** A SIP or SIPS URI (RFC 3261 §19.1). */
export interface SipUri {
  readonly scheme: 'sip' | 'sips';
  /** Unescaped, so it may hold any octet, NUL too; without a password. `undefined` where there is none. */
  readonly user: string | undefined;
  /** In lower case. */
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Parameters;
  /** What follows the `?`, still escaped; empty where there is none. */
  readonly headers: string;
}

/** The scheme of a URI in lower case, without its colon; empty where there is none. */
export const schemeOf = (uri: string): string => uri.slice(0, Math.max(uri.indexOf(':'), 0)).toLowerCase();

/** `undefined` where it is not a SIP or SIPS URI, or is malformed. */
export function parseUri(uri: string): SipUri | undefined {
  const scheme = schemeOf(uri);
  if (scheme !== 'sip' && scheme !== 'sips') return undefined;
  const start = scheme.length + 1;
  const at = uri.indexOf('@', start);
  let user: string | undefined;
  if (at >= 0) {
    const userinfo = uri.slice(start, at);
    const password = userinfo.indexOf(':');
    user = unescapeUri(password < 0 ? userinfo : userinfo.slice(0, password));
    if (user === undefined || user === '') return undefined;
  }
  const hostStart = at < 0 ? start : at + 1;
  const question = uri.indexOf('?', hostStart);
  const end = question < 0 ? uri.length : question;
  const semicolon = uri.indexOf(';', hostStart);
  const hostEnd = semicolon < 0 || semicolon > end ? end : semicolon;
  const params = hostEnd === end ? NO_PARAMETERS : parseParameters(uri.slice(hostEnd, end));
  const address = parseHostPort(uri.slice(hostStart, hostEnd));
  if (params === undefined || address === undefined) return undefined;
  return { scheme, user, ...address, params, headers: question < 0 ? '' : uri.slice(question + 1) };
}

/** Octets with their `%41` escapes resolved; `undefined` where an escape is malformed. */
export function unescapeUri(text: string): string | undefined {
  if (!text.includes('%')) return text;
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return undefined;
  return text.replace(/%(..)/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

function parseHostPort(text: string): { host: string; port: number | undefined } | undefined {
  if (isHostName(text)) return { host: text.toLowerCase(), port: undefined };
  const octets = octetsOf(text);
  const isBracketed = octets[0] === 91;
  const end = isBracketed ? skip(IPV6_OCTET, octets, 1) + 1 : skip(HOST_OCTET, octets, 0);
  if (isBracketed ? octets[end - 1] !== 93 || end === 2 : end === 0) return undefined;
  const host = text.slice(0, end).toLowerCase();
  if (end === text.length) return { host, port: undefined };
  const port = octets[end] === COLON ? readDecimal(octets, end + 1, text.length, 65_535) : -1;
  return port < 0 ? undefined : { host, port };
}

/** A host without a port, as most URIs have it: too short for scanning its octets to pay. */
function isHostName(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (HOST_OCTET[text.charCodeAt(at)] !== 1) return false;
  return text !== '';
}
