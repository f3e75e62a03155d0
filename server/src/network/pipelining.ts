import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { PortionedWork } from '../collections/portioned-work.ts';
import { readRestInTurns } from './bodies.ts';

/** Missing from @types/node: what reads the requests of a connection, and calls `onIncoming` with each of them. */
declare module 'net' {
  interface Socket {
    readonly parser?: { onIncoming: () => number } | null;
  }
}

/** What a parser is told of a request that is an upgrade: behind it nothing is HTTP. */
const NOTHING_MORE = 2;

/** Requests of one connection that may wait for their answers: no browser and no proxy sends a second one before the first is answered. */
const MOST_UNANSWERED = 8;

/**
 * Closes connections that ask without taking the answers, all of which would be held in memory: Node reads pipelined requests
 * (RFC 9112 §9.3.2) until the first of the answers is made. All requests wait their turn, so that calls come first. To be called before anything else listens to the requests of a server.
 */
export function boundPipelining(server: Server, later: PortionedWork): void {
  const takers = server.listeners('request') as ((
    request: IncomingMessage,
    response: ServerResponse,
  ) => void)[];
  server.removeAllListeners('request');
  const unanswered = new WeakMap<Socket, number>();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const waiting = (unanswered.get(socket) ?? 0) + 1;
    if (waiting > MOST_UNANSWERED) {
      socket.destroy();
      // Thousands more may be in the same piece of input, and the parser would make a request of each before anything else is done.
      if (socket.parser) socket.parser.onIncoming = () => NOTHING_MORE;
      return;
    }
    unanswered.set(socket, waiting);
    response.once('close', () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1));
    later.add(() => {
      if (socket.destroyed) return undefined;
      readRestInTurns(request, response, later);
      for (const taker of takers) taker.call(server, request, response);
      return false;
    });
  });
}
