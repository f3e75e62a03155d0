import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { PortionedWork } from '../collections/portioned-work.ts';

/**
 * Has the connections of a server come in one after another, before anything is read from them: a storm of new ones, each of which costs
 * as much as a call, must not hold up those who are in. To be called before anything else listens to its connections.
 */
export function letInOneByOne(server: Server, later: PortionedWork): void {
  const takers = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  // What is read before somebody takes it would be read in one go.
  server.pauseOnConnect = true;
  server.on('connection', (socket: Socket) => {
    later.add(() => {
      // Nobody would end it any more.
      if (!server.listening) socket.destroy();
      if (socket.destroyed) return false;
      for (const taker of takers) taker.call(server, socket);
      socket.resume();
      return false;
    });
  });
}

/** Missing from @types/node: how `net.Server` opens its connections. */
declare module 'net' {
  interface Server {
    pauseOnConnect: boolean;
  }
}
