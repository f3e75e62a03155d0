import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { LastAuthority } from './authority.ts';
import type { PortionedWork } from '../../collections/portioned-work.ts';
import type { Clock } from '../../world/clock.ts';
import type { FlowListener } from './flow.ts';
import { Handshakes } from './handshakes.ts';
import { createPingWheel } from './ping-wheel.ts';
import { flushAll, WebSocketFlow } from './websocket-flow.ts';
import type { FlowAddresses, FlowSettings } from './websocket-flow.ts';

/** Octets in one message. */
const LARGEST_MESSAGE = 64 * 1024;
/** A peer that has been silent for one to two of these is gone. */
const PING_INTERVAL_MS = 25_000;
/** How long a peer may take to answer our close frame. */
const CLOSE_TIMEOUT_MS = 5_000;

interface WebSocketTransportOptions {
  readonly listener: FlowListener;
  readonly clock: Clock;
  readonly later: PortionedWork;
  /** May pages of that origin connect? Asked for browsers only: other clients send no Origin (RFC 6455 §10.2). */
  readonly allowsOrigin?: (origin: string, request: IncomingMessage) => boolean;
  /** The phone's address and the address at which it reaches us, past any proxies; `https` stands for `wss`. */
  readonly arrivalOf: (request: IncomingMessage) => {
    readonly visitor: string;
    readonly scheme: 'http' | 'https';
    /** Our own origin, as the phone wrote it. */
    readonly origin: string;
  };
}

/** SIP over WebSocket (RFC 7118), the server's side. */
export interface WebSocketTransport {
  /** For the HTTP server's `upgrade` event, once the path is known to be ours. Refuses with 400, 403 or 503. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Flows open now. */
  readonly size: number;
  /** Refuses new flows and closes the present ones with 1001. Twice is harmless. */
  close(): void;
}

export function createWebSocketTransport(options: WebSocketTransportOptions): WebSocketTransport {
  const { listener, clock, later, allowsOrigin, arrivalOf } = options;
  const wheel = createPingWheel<WebSocketFlow>(clock, PING_INTERVAL_MS);
  const handshakes = new Handshakes({
    maxPayload: LARGEST_MESSAGE,
    maxFragments: 16,
    maxBufferedChunks: 256,
    perMessageDeflate: false,
    // Octets pass through this server unharmed; `websocketFrame` keeps browsers from being hurt by them.
    skipUTF8Validation: true,
    closeTimeout: CLOSE_TIMEOUT_MS,
  });
  const settings: FlowSettings = {
    listener,
    wheel,
    clock,
    later,
    largestMessage: LARGEST_MESSAGE,
    implement: (socket) => handshakes.implement(socket),
  };
  // What calls have to say does not wait for the work that can wait.
  later.doFirst(flushAll);
  const authorities = new LastAuthority();
  let stopped = false;

  return {
    handleUpgrade(request, socket, head) {
      const { origin } = request.headers;
      if (stopped) {
        refuse(socket, '503 Service Unavailable');
        return;
      }
      if (!offersSip(request)) {
        refuse(socket, '400 Bad Request');
        return;
      }
      if (origin !== undefined && allowsOrigin?.(origin, request) === false) {
        refuse(socket, '403 Forbidden');
        return;
      }
      const { visitor, scheme, origin: ours } = arrivalOf(request);
      const secure = scheme === 'https';
      const addresses: FlowAddresses = {
        transport: secure ? 'WSS' : 'WS',
        remoteAddress: visitor,
        remotePort: request.socket.remotePort ?? 0,
        authority: authorities.of(ours, secure),
      };
      handshakes.shake(request, socket, head, () => {
        open(settings, socket, head, addresses);
      });
    },
    get size() {
      return wheel.size;
    },
    close() {
      stopped = true;
      for (const flow of wheel) flow.close(1001, 'The server is stopping');
      wheel.stop();
    },
  };
}

/**
 * Does a handshake offer the subprotocol `sip`, which is echoed (RFC 7118 §4.1)? In this spelling only: a client that offers another one
 * would not accept ours in the answer (RFC 6455 §4.1).
 */
export function offersSip({ headers }: IncomingMessage): boolean {
  const offered = headers['sec-websocket-protocol']?.split(',') ?? [];
  return offered.some((protocol) => protocol.trim() === 'sip');
}

/** Refuses a handshake and closes the connection: Node no longer applies its timeouts to it, and the peer may never close it. */
export function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Outside of `handleUpgrade`, so that no closure that lives as long as the flow can hold the HTTP request. */
function open(settings: FlowSettings, socket: Duplex, head: Buffer, addresses: FlowAddresses): void {
  // The server's timeouts are for requests.
  if (socket instanceof Socket) socket.setTimeout(0);
  if (head.length > 0) socket.unshift(head);
  const flow = new WebSocketFlow(settings, socket, addresses);
  settings.wheel.add(flow);
  settings.listener.opened(flow);
}
