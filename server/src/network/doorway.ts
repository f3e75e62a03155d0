import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { PortionedWork } from '../collections/portioned-work.ts';

/** Connections that have not been let in. */
export interface Doorway {
  /** Ends those that wait, and those that come from now on: nobody would take them any more. */
  close(): void;
}

const ignored = (): void => undefined;

/** A listener of the connections themselves, so that those who wait have no closures of their own. */
function end(this: Socket): void {
  this.destroy();
}

/**
 * Has the connections of a server come in one after another, each once it has said something: a storm of new ones, each of which costs
 * as much as a call, must not hold up those who are in. What all of them say at once is otherwise handled in one turn of the event loop. One that says nothing
 * costs little, and is ended after `silenceMs`. To be called before anything else listens to the connections of the server.
 */
export function letInOneByOne(server: Server, later: PortionedWork, silenceMs: number): Doorway {
  const takers = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  // Those who take a connection decide when it is read.
  server.pauseOnConnect = true;
  const waiting = new Set<Socket>();
  let isClosed = false;

  const letIn = (socket: Socket): false => {
    if (!waiting.delete(socket)) return false;
    socket.setTimeout(0);
    socket.off('error', ignored).off('timeout', end).off('end', end).off('close', gone);
    for (const taker of takers) taker.call(server, socket);
    socket.resume();
    return false;
  };
  function gone(this: Socket): void {
    waiting.delete(this);
  }
  function spoke(this: Socket, said: Buffer): void {
    this.pause();
    this.off('data', spoke);
    this.unshift(said);
    later.add(() => letIn(this));
  }

  server.on('connection', (socket: Socket) => {
    if (isClosed) {
      socket.destroy();
      return;
    }
    waiting.add(socket);
    socket.setTimeout(silenceMs);
    socket.on('error', ignored).on('timeout', end).on('end', end).on('close', gone).on('data', spoke);
    socket.resume();
  });
  return {
    close: () => {
      isClosed = true;
      for (const socket of waiting) socket.destroy();
    },
  };
}

/** Missing from @types/node: how `net.Server` opens its connections. */
declare module 'net' {
  interface Server {
    pauseOnConnect: boolean;
  }
}
