import { parseUri } from '../message/uri.ts';

/**
 * Host and port from the Host field of a handshake (RFC 9110 §7.2); `undefined` where it is malformed. The port is always
 * there: without one, a client would look for another in the DNS (RFC 3263 §4.2).
 */
export function authorityOf(host: string | undefined, secure: boolean): string | undefined {
  const uri = parseUri(`sip:${host ?? ''}`);
  // What else a SIP URI may have is no part of a Host.
  if (uri === undefined || /[@;?]/.test(host ?? '')) return undefined;
  return `${uri.host}:${uri.port ?? (secure ? 443 : 80)}`;
}
