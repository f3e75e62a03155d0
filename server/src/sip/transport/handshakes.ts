import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { ServerOptions } from 'ws';

/** `closeTimeout`: milliseconds that a peer may take to answer our close frame; @types/ws does not know it. */
type ProtocolOptions = ServerOptions & { readonly closeTimeout: number };

/**
 * Handshakes for the subprotocol `sip` (RFC 7118 §4.1) by `ws`, with the rest of `ws` kept apart, since what comes after a
 * handshake may never need it.
 */
export class Handshakes {
  readonly #server: WebSocketServer;

  constructor(options: ProtocolOptions) {
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      WebSocket: NotYet,
      handleProtocols: () => 'sip',
      ...options,
    });
  }

  /** Answers the handshake with 101 and calls `done`, or refuses it. What `head` holds is still to be read. */
  shake(request: IncomingMessage, socket: Duplex, head: Buffer, done: () => void): void {
    this.#server.handleUpgrade(request, socket, head, done);
  }

  /** A full implementation on a socket whose handshake is done. */
  implement(socket: Duplex): WebSocket {
    return new SipSocket(socket, this.#server.options);
  }
}

/** Missing from @types/ws: how `WebSocketServer` hands the socket to the `WebSocket` that it has made. */
declare module 'ws' {
  interface WebSocket {
    setSocket(socket: Duplex, head: Buffer, options: ServerOptions): void;
  }
}

class NotYet extends WebSocket {
  override setSocket(): void {
    // The flow keeps the socket.
  }
}

const NOTHING = Buffer.alloc(0);

/** Reasons for the codes with which `ws` itself closes; it sends the code alone. */
const violations: ReadonlyMap<number | undefined, string> = new Map([
  [1002, 'Protocol error'],
  [1007, 'Invalid payload'],
  [1008, 'Too many fragments'],
  [1009, 'Message too large'],
]);

class SipSocket extends WebSocket {
  constructor(socket: Duplex, options: ServerOptions) {
    // As `WebSocketServer` does it.
    super(...([null, undefined, options] as unknown as [null]));
    this.setSocket(socket, NOTHING, options);
  }

  override close(code?: number, reason?: string | Buffer): void {
    super.close(code, reason ?? violations.get(code));
  }
}
