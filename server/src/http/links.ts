import { isIPv6 } from 'node:net';
import type { Extension } from '../exchange/ports.ts';
import type { Arrival } from '../network/arrival.ts';
import type { HttpOptions } from './ports.ts';

/** Where this visitor reaches the server, without a path. */
export function baseUrlOf({ arrival }: { readonly arrival: Arrival }, publicUrl: URL | undefined): string {
  return publicUrl?.origin ?? arrival.origin;
}

/** Where a browser on this machine reaches the server, unless it has a public address. */
export function listeningUrl(
  { publicUrl, tls, host }: Pick<HttpOptions, 'publicUrl' | 'tls' | 'host'>,
  port: number,
): string {
  if (publicUrl) return publicUrl.origin;
  const everywhere = host === undefined || host === '0.0.0.0' || host === '::';
  const name = everywhere ? 'localhost' : isIPv6(host) ? `[${host}]` : host;
  return `${tls ? 'https' : 'http'}://${name}:${port}`;
}

/** The SIP WebSocket of a server that is reached at `base`. */
export const sipUrl = (base: string): string => `${base.replace(/^http/, 'ws')}/sip`;

/** The page of an extension's terminal. */
const terminalUrl = (base: string, { kind, number }: Pick<Extension, 'kind' | 'number'>): string =>
  `${base}/${kind === 'station' ? 'station' : 'phone'}/${number}`;

/** The same page, with the right to become that terminal; browsers do not send what is behind the `#`. */
export const enrolmentUrl = (base: string, owner: Pick<Extension, 'kind' | 'number'>, code: string): string =>
  `${terminalUrl(base, owner)}#${code}`;

/** Does this address mean the local machine on every device (RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3)? */
export function isOnlyHere(url: string): boolean {
  const { hostname } = new URL(url);
  return /^(?:(?:.*\.)?localhost\.?|127(?:\.\d+){3}|\[::1\]|\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\])$/.test(
    hostname,
  );
}

/** The page on which people sign in at a station from their own phone; what is behind its `#` is the code. */
export const signInUrl = (base: string): string => `${base}/sign-in`;

/** The page on which somebody chooses a password. */
export const personUrl = (base: string, token: string): string => `${base}/admin/welcome#${token}`;

/** The page that creates the organization. */
export const setupUrl = (base: string, token: string): string => `${base}/setup#${token}`;
