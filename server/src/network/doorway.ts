import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { PortionedWork } from '../collections/portioned-work.ts';
import type { Clock } from '../world/clock.ts';
import { every } from '../world/every.ts';

/** How often it is looked for those that have been silent for too long (milliseconds). */
const SWEEP_MS = 1_000;

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
 * costs little, and is ended after `silenceMs`: by one timer for all, as Node would keep a socket's own for as long as that is open. To be called before
 * anything else listens to the connections of the server.
 */
export function letInOneByOne(
  server: Server,
  { later, clock, silenceMs }: { later: PortionedWork; clock: Clock; silenceMs: number },
): Doorway {
  const takers = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  // Those who take a connection decide when it is read.
  server.pauseOnConnect = true;
  const waiting = new Set<Socket>();
  /** Since when those that have said nothing are there, in the order in which they came. */
  const silent = new Map<Socket, number>();
  let isClosed = false;

  const letIn = (socket: Socket): false | undefined => {
    if (!waiting.delete(socket)) return undefined;
    socket.off('error', ignored).off('end', end).off('close', gone);
    for (const taker of takers) taker.call(server, socket);
    socket.resume();
    return false;
  };
  function gone(this: Socket): void {
    waiting.delete(this);
    silent.delete(this);
  }
  function spoke(this: Socket, said: Buffer): void {
    silent.delete(this);
    this.pause();
    this.off('data', spoke);
    this.unshift(said);
    later.add(() => letIn(this));
  }

  const stopSweeping = every(clock, SWEEP_MS, () => {
    for (const [socket, since] of silent) {
      if (clock.monotonic() - since < silenceMs) return;
      socket.destroy();
    }
  });
  server.on('connection', (socket: Socket) => {
    if (isClosed) {
      socket.destroy();
      return;
    }
    waiting.add(socket);
    silent.set(socket, clock.monotonic());
    socket.on('error', ignored).on('end', end).on('close', gone).on('data', spoke);
    socket.resume();
  });
  return {
    close: () => {
      isClosed = true;
      stopSweeping();
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
