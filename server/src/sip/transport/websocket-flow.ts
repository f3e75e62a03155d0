import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { Flow, FlowId, FlowListener } from './flow.ts';
import type { PingWheel } from './ping-wheel.ts';
import { websocketFrame } from './websocket-frame.ts';

/** Octets that may wait for a peer who reads slowly, before the socket is dropped. */
const MOST_UNSENT = 1024 * 1024;

/** What all flows of one transport share. */
export interface FlowSettings {
  readonly listener: FlowListener;
  readonly wheel: PingWheel<WebSocketFlow>;
  readonly transport: 'WS' | 'WSS';
}

/** A phone asks `\r\n\r\n`, to hear `\r\n`; or answers with that (RFC 5626 §4.4.1, RFC 7118 §6). */
const KEEP_ALIVE = '\r\n\r\n';
const KEEP_ALIVE_ANSWER = '\r\n';

/** A close frame has room for 123 octets of reason (RFC 6455 §5.5). */
const fitted = (reason: string): string =>
  Buffer.from(reason)
    .subarray(0, 123)
    .toString()
    .replace(/\uFFFD$/, '');

/** Flows whose frames of this turn wait for its end. */
let corkedFlows: WebSocketFlow[] = [];

function uncorkAll(): void {
  const flows = corkedFlows;
  corkedFlows = [];
  for (const flow of flows) flow.uncork();
}

let flowsMade = 0;

/** One phone's WebSocket. */
export class WebSocketFlow implements Flow {
  readonly id = ++flowsMade as FlowId;
  readonly transport: 'WS' | 'WSS';
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Nothing was heard since the last ping. */
  #silent = false;
  #open = true;
  #corked = false;
  /** Why we ended it; the peer's or the network's reason otherwise. */
  #reason: string | undefined;
  readonly #websocket: WebSocket;
  readonly #socket: Duplex;
  readonly #settings: FlowSettings;

  constructor(
    settings: FlowSettings,
    websocket: WebSocket,
    socket: Duplex,
    remoteAddress: string,
    remotePort: number,
  ) {
    this.#settings = settings;
    this.#websocket = websocket;
    this.#socket = socket;
    this.transport = settings.transport;
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
    websocket.on('message', (data: Buffer) => {
      this.#received(data.toString('latin1'));
    });
    websocket.on('pong', () => {
      this.#silent = false;
    });
    websocket.on('error', (error) => {
      this.#reason ??= error.message;
    });
    websocket.on('close', (code, reason) => {
      this.#closed(reason.length > 0 ? reason.toString() : `WebSocket closed with ${String(code)}`);
    });
  }

  get open(): boolean {
    return this.#open && this.#websocket.readyState === WebSocket.OPEN;
  }

  /**
   * Written for speed: the frame goes to the socket as one latin1 string, without a Buffer, and what is sent while one
   * chunk of input is handled goes out in one system call. `ws` writes its own frames (ping, close) to the same socket,
   * each whole, as nothing is compressed or fragmented.
   */
  send(message: string): boolean {
    if (!this.open) return false;
    if (this.#socket.writableLength > MOST_UNSENT) {
      this.#drop('The peer reads too slowly');
      return false;
    }
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      if (corkedFlows.push(this) === 1) process.nextTick(uncorkAll);
    }
    this.#socket.write(websocketFrame(message), 'latin1');
    return true;
  }

  uncork(): void {
    this.#corked = false;
    this.#socket.uncork();
  }

  close(code: number, reason: string): void {
    if (!this.#open) return;
    this.#open = false;
    this.#reason ??= reason;
    this.#websocket.close(code, fitted(reason));
  }

  /** The wheel came round to this flow: nothing heard since the last time means that nobody is there. */
  ping(): void {
    if (this.#silent) {
      this.#drop('The peer does not answer');
    } else if (this.open) {
      this.#silent = true;
      this.#websocket.ping();
    }
  }

  #received(frame: string): void {
    this.#silent = false;
    if (!this.#open || frame === KEEP_ALIVE_ANSWER) return;
    if (frame === KEEP_ALIVE) this.send(KEEP_ALIVE_ANSWER);
    else this.#settings.listener.received(this, frame);
  }

  #drop(reason: string): void {
    this.#open = false;
    this.#reason ??= reason;
    this.#websocket.terminate();
  }

  #closed(reason: string): void {
    this.#open = false;
    this.#settings.wheel.delete(this);
    this.#settings.listener.closed(this, this.#reason ?? reason);
  }
}
