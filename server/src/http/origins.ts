import type { IncomingMessage } from 'node:http';

/** May a page of that origin use this server with the visitor's rights? Only one that this server sent itself. */
export function isOwnOrigin(origin: string, host: string | undefined, publicUrl: URL | undefined): boolean {
  if (origin === publicUrl?.origin) return true;
  return host !== undefined && URL.parse(origin)?.host === host;
}

/** Who is at the other end, past the proxies that are trusted: the last address that none of them vouches for. */
export function addressOf(
  request: IncomingMessage,
  trustsProxy: ((address: string) => boolean) | undefined,
): string | undefined {
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  const path = forwarded.map((address) => address.trim()).filter((address) => address !== '');
  let address = request.socket.remoteAddress;
  while (address !== undefined && trustsProxy?.(address) && path.length > 0) address = path.pop();
  return address;
}
