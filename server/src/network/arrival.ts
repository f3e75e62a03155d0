import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { parseAddress } from './address.ts';

/** Where a request came from and where it was sent to, seen past the trusted proxies. */
export interface Arrival {
  /** The sender's address, in canonical form without a port; empty where the connection is already gone. */
  readonly visitor: string;
  readonly scheme: 'http' | 'https';
  /** Our own address as that visitor wrote it: an origin (RFC 6454 §6.2), without the scheme's usual port. */
  readonly origin: string;
}

/** The configuration that decides how headers of proxies are read. */
export interface Surroundings {
  /** Is the peer with this address a trusted proxy? */
  readonly trustsProxy: ((address: string) => boolean) | undefined;
  /** Where browsers reach the server; `undefined`: at the address that they used. */
  readonly publicUrl: URL | undefined;
}

/**
 * The only place that decides a visitor's address and our own, for pages, API, links and upgrades. Headers of
 * proxies (`X-Forwarded-…`, else `Forwarded`, RFC 7239) count only where the peer is trusted, and of a list only what
 * trusted proxies have appended.
 */
export function arrivalOf(request: IncomingMessage, { trustsProxy, publicUrl }: Surroundings): Arrival {
  const { socket, headers } = request;
  const peer = parseAddress(socket.remoteAddress ?? '') ?? '';
  const trusted = trustsProxy?.(peer) ?? false;
  const forwarded = trusted ? forwardedElements(headers.forwarded) : [];
  const path = pathOf(trusted ? list(headers['x-forwarded-for']) : [], forwarded);
  const [visitor, hops] = trusted ? walked(peer, path, trustsProxy) : [peer, 0];

  /** The value from the outermost trusted proxy; each hop appends one, or a single one sets it for all. */
  const said = (name: 'host' | 'proto' | 'port'): string | undefined => {
    if (!trusted) return undefined;
    const own = list(headers[`x-forwarded-${name}`]);
    const values = own.length > 0 ? own : forwarded.flatMap((element) => element.get(name) ?? []);
    return values[Math.max(0, values.length - hops)];
  };

  const ownScheme = (socket as Partial<TLSSocket>).encrypted ? 'https' : 'http';
  const proto = said('proto')?.toLowerCase();
  const scheme = proto === 'https' || proto === 'wss' ? 'https' : proto === undefined ? ownScheme : 'http';
  const port = said('port');
  const url =
    urlOf(scheme, said('host'), port) ?? urlOf(scheme, headers.host, port) ?? listenerOf(scheme, socket);
  // A proxy that terminates TLS may not say so, but the public address does.
  if (proto === undefined && publicUrl?.host === url.host && publicUrl.protocol === 'https:')
    return { visitor, scheme: 'https', origin: publicUrl.origin };
  return { visitor, scheme, origin: url.origin };
}

/**
 * May a page of that origin use this server with the visitor's rights? Only one that this server sent itself. Where our own
 * scheme looks like `http`, a proxy may have terminated TLS without saying so, so that only host and port can be compared.
 */
export function isOwnOrigin(origin: string, arrival: Arrival, publicUrl: URL | undefined): boolean {
  const theirs = URL.parse(origin);
  if (theirs === null) return false;
  if (theirs.origin === publicUrl?.origin || theirs.origin === arrival.origin) return true;
  const ours = new URL(arrival.origin);
  if (ours.protocol !== 'http:' || theirs.protocol !== 'https:') return false;
  return theirs.hostname === ours.hostname && (theirs.port === ours.port || ours.port === '443');
}

/** The nearest address that is not a trusted proxy's, and how many trusted proxies the request has passed. */
function walked(
  peer: string,
  path: readonly string[],
  trustsProxy: Surroundings['trustsProxy'],
): readonly [visitor: string, hops: number] {
  let [visitor, hops] = [peer, 1];
  for (const said of path.toReversed()) {
    const next = parseAddress(said);
    // Not an address: all such visitors share the limits of the proxy.
    if (next === undefined) break;
    visitor = next;
    if (!trustsProxy?.(next)) break;
    hops += 1;
  }
  return [visitor, hops];
}

/**
 * The addresses that a request has passed. Most proxies set only one of the two headers and pass the other on as the visitor
 * wrote it: where they contradict each other, neither counts.
 */
function pathOf(
  own: readonly string[],
  forwarded: readonly ReadonlyMap<string, string>[],
): readonly string[] {
  const standard = forwarded.map((element) => element.get('for') ?? '');
  if (own.length === 0) return standard;
  const agree =
    standard.length === 0 || parseAddress(standard.at(-1) ?? '') === parseAddress(own.at(-1) ?? '');
  return agree ? own : [];
}

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  [value ?? []]
    .flat()
    .flatMap((line) => line.split(','))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/**
 * The elements between commas, of which those in quotes are none. One pass, whatever a visitor wrote; where their quote is not closed, every comma
 * counts from there on, so that what a proxy appended is still an element.
 */
function elementsOf(text: string): readonly string[] {
  const elements: string[] = [];
  let begin = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') isQuoted = !isQuoted;
    else if (character === '\\' && isQuoted) at++;
    else if (character === ',' && !isQuoted) {
      elements.push(text.slice(begin, at));
      begin = at + 1;
    }
  }
  const rest = text.slice(begin);
  return isQuoted ? [...elements, ...rest.split(',')] : [...elements, rest];
}

/** `Forwarded: for=192.0.2.60;proto=https, for="[2001:db8::9]:443"` as parameters by their names (RFC 7239 §4). */
function forwardedElements(text: string | undefined): readonly ReadonlyMap<string, string>[] {
  if (text === undefined) return [];
  return elementsOf(text).map((element) => {
    // A name is looked for where one begins, so that a long one without `=` takes no more than linear time.
    const pairs = element.matchAll(/(?<![\w-])([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/g);
    return new Map(
      [...pairs].map(([, name = '', quoted, token = '']) => [
        name.toLowerCase(),
        quoted?.replaceAll(/\\(.)/g, '$1') ?? token,
      ]),
    );
  });
}

/**
 * A port in `host` takes precedence over a separate one. The URL parser takes `;`, `,` and quotes in a host as well; no name in
 * the DNS has them, and the host becomes part of header fields.
 */
function urlOf(scheme: string, host: string | undefined, port: string | undefined): URL | undefined {
  if (host === undefined || !/^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.test(host)) return undefined;
  const hasPort = /:\d+$/.test(host);
  const suffix = !hasPort && port !== undefined && /^\d{1,5}$/.test(port) ? `:${port}` : '';
  return URL.parse(`${scheme}://${host}${suffix}`) ?? undefined;
}

/** Where the connection came in, for a request that names no host. */
function listenerOf(scheme: string, { localAddress = '', localPort }: IncomingMessage['socket']): URL {
  const address = parseAddress(localAddress) ?? 'localhost';
  const name = address.includes(':') ? `[${address}]` : address;
  return new URL(`${scheme}://${name}${localPort === undefined ? '' : `:${localPort}`}`);
}
