import type { SipMessage } from '../message.ts';
import { parseNameAddr } from './name-addr.ts';
import { parseReplaces } from './replaces.ts';
import type { Replaces } from './replaces.ts';
import { parseUri, schemeOf, unescapeUri } from './uri.ts';

/** Whom a REFER asks to call (RFC 3515 §2.1), and which dialog that call is to replace (RFC 3891 §8). */
export interface ReferTo {
  /** Without the URI's header fields. */
  readonly uri: string;
  /** The display name, as people read it. */
  readonly displayName: string | undefined;
  readonly replaces: Replaces | undefined;
}

/**
 * `undefined` where a REFER has not exactly one well-formed Refer-To with a SIP or `tel:` URI (400), or its Replaces is malformed.
 * Other header fields in the URI are ignored: nothing that a peer hides there reaches a request of ours.
 */
export function referToOf(message: SipMessage): ReferTo | undefined {
  if (message.headers.count('refer-to') !== 1) return undefined;
  const value = message.headers.get('refer-to') ?? '';
  // SIP.js sends the URI without brackets, header fields and all (RFC 3261 §20 wants them).
  const address = parseNameAddr(value.includes('<') ? value : `<${value}>`);
  if (address !== undefined && schemeOf(address.uri) === 'tel')
    return { uri: address.uri, displayName: address.displayName, replaces: undefined };
  const uri = address === undefined ? undefined : parseUri(address.uri);
  if (address === undefined || uri === undefined) return undefined;
  const replaces = uriHeader(uri.headers, 'replaces');
  const parsed = replaces === undefined ? undefined : parseReplaces(unescapeUri(replaces) ?? '');
  if (replaces !== undefined && parsed === undefined) return undefined;
  return {
    uri: uri.headers === '' ? address.uri : address.uri.slice(0, -uri.headers.length - 1),
    displayName: address.displayName,
    replaces: parsed,
  };
}

function uriHeader(headers: string, name: string): string | undefined {
  for (const header of headers.split('&')) {
    const equals = header.indexOf('=');
    if (equals > 0 && header.slice(0, equals).toLowerCase() === name) return header.slice(equals + 1);
  }
  return undefined;
}
