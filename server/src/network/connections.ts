import { readFileSync } from 'node:fs';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { Crowd } from '../collections/crowd.ts';
import type { CrowdBounds } from '../collections/crowd.ts';
import { networkOf, parseAddress } from './address.ts';

/** How many unauthenticated connections of each kind there may be at once. */
export interface DoorBounds {
  /** TCP connections that are not WebSockets (yet). */
  readonly connections: CrowdBounds;
  /** SIP flows without an account. */
  readonly flows: CrowdBounds;
  /** Pages that have not shown their token. */
  readonly pages: CrowdBounds;
}

/**
 * More than any storm of phones that return at once behind one address, far below our memory; together three quarters of the
 * files that the process may open, so that the rest is left for known phones. No network gets all of it.
 * @param openFiles `undefined` where the system does not say.
 */
export function doorBounds(openFiles: number | undefined): DoorBounds {
  const bounds = (most: number, share: number): CrowdBounds => {
    const all = Math.max(2, Math.min(most, Math.floor((openFiles ?? Infinity) * share)));
    return { most: all, mostOfNetwork: Math.ceil((all * 7) / 8) };
  };
  return { connections: bounds(20_000, 0.3), flows: bounds(20_000, 0.3), pages: bounds(10_000, 0.15) };
}

/** How many files this process may have open, as Linux reports it. */
export function openFilesLimit(): number | undefined {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}

/**
 * Limits the connections of a server, in total and from each network, before anything is read from them: the one that has been
 * silent for longest is closed. One that becomes a WebSocket is counted elsewhere from then on.
 * @param trustsProxy a trusted proxy stands for many visitors, so only the total limit applies to it.
 */
export function boundConnections(
  server: Server,
  bounds: CrowdBounds,
  trustsProxy: ((address: string) => boolean) | undefined,
): void {
  const crowd = new Crowd<string>(bounds);
  const strangers = new Map<string, Stranger>();

  const networkOfPeer = ({ remoteAddress = '' }: Socket): string | undefined => {
    const address = parseAddress(remoteAddress) ?? '';
    return trustsProxy?.(address) ? undefined : networkOf(address);
  };
  const enter = (key: string, socket: Socket) => {
    const leaving = crowd.enter(key, networkOfPeer(socket));
    if (leaving !== undefined) strangers.get(leaving)?.socket.destroy();
  };
  /** Keeps nothing of it, not even a listener. */
  const forget = (key: string, { socket, closed }: Stranger) => {
    strangers.delete(key);
    crowd.leave(key);
    socket.off('close', closed);
  };

  server.on('connection', (socket: Socket) => {
    const key = keyOf(socket);
    const stranger: Stranger = {
      socket,
      closed: () => {
        if (strangers.get(key) === stranger) forget(key, stranger);
      },
    };
    strangers.set(key, stranger);
    enter(key, socket);
    socket.once('close', stranger.closed);
  });
  // Not silent: it moves to the end of the queue.
  server.on('request', ({ socket }: IncomingMessage) => {
    const key = keyOf(socket);
    if (!crowd.has(key)) return;
    crowd.leave(key);
    enter(key, socket);
  });
  server.on('upgrade', ({ socket }: IncomingMessage) => {
    const key = keyOf(socket);
    const stranger = strangers.get(key);
    if (stranger !== undefined) forget(key, stranger);
  });
}

/** A TCP connection that is counted here. */
interface Stranger {
  readonly socket: Socket;
  readonly closed: () => void;
}

/** The same key for a TCP socket and for the TLS socket on top of it. */
const keyOf = ({ remoteAddress, remotePort, localAddress }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localAddress}`;
