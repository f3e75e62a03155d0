/* eslint-disable @typescript-eslint/unbound-method -- one listener serves all sockets: Node calls it on the socket that has it */
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { FrameReader } from './frame-reader.ts';
import type { FrameSink } from './frame-reader.ts';
import type { FlowId, FlowListener, OwnedFlow } from './flow.ts';
import type { PortionedWork } from '../../collections/portioned-work.ts';
import type { Clock } from '../../world/clock.ts';
import type { PingWheel } from './ping-wheel.ts';
import { fittedReason, isCloseFrame, PING, websocketFrame } from './websocket-frame.ts';

/** Octets that may wait for a peer who reads slowly, before the socket is dropped. */
const MOST_UNSENT = 1024 * 1024;

/** Octets of frames that wait for their turn, from which on nothing more is read meanwhile: to stop for a single message costs more than to keep the next. */
const MOST_HELD = 4 * 1024;

/** Octets that a peer may have had on their way when the flow was closed. One that goes on sending is cut off. */
const MOST_AFTER_CLOSING = 64 * 1024;

/** What all flows of one transport share. */
export interface FlowSettings {
  readonly listener: FlowListener;
  readonly wheel: PingWheel<WebSocketFlow>;
  readonly clock: Clock;
  /** Where frames wait that came together with many others. */
  readonly later: PortionedWork;
  /** Octets. */
  readonly largestMessage: number;
  /** A full implementation of the protocol on a socket whose handshake is done. */
  readonly implement: (socket: Duplex) => WebSocket;
}

/** A phone asks `\r\n\r\n`, to hear `\r\n`; or answers with that (RFC 5626 §4.4.1, RFC 7118 §6). */
const KEEP_ALIVE = '\r\n\r\n';
const KEEP_ALIVE_ANSWER = '\r\n';

/** Names the close code that is never sent in a frame (RFC 6455 §7.1.5). */
const NO_CLOSE_FRAME = 'WebSocket closed with 1006';

/** Flows with frames that wait until this turn's input is read, or until too many of them wait. */
let unsentFlows: WebSocketFlow[] = [];
/** A few milliseconds of work. */
const MOST_UNSENT_FLOWS = 32;

/** Sends what waits for the end of this turn. */
export function flushAll(): void {
  const flows = unsentFlows;
  unsentFlows = [];
  for (const flow of flows) flow.flush();
}

let flowsMade = 0;

/** The two ends of a connection. */
export type FlowAddresses = Pick<OwnedFlow, 'transport' | 'remoteAddress' | 'remotePort' | 'authority'>;

const FLOW = Symbol('flow');

/** The socket of a flow. */
interface FlowSocket extends Duplex {
  [FLOW]: WebSocketFlow;
}

type DataListener = (this: Duplex, chunk: Buffer) => void;

/**
 * One phone's WebSocket. Few phones ever send or need more than whole messages and pongs, so that `ws` comes in only where one does, and
 * all flows share their listeners: with a `WebSocket` and closures of its own, an idle phone would take half as much memory again.
 */
export class WebSocketFlow implements OwnedFlow, FrameSink {
  readonly id = ++flowsMade as FlowId;
  readonly transport: 'WS' | 'WSS';
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly authority: string | undefined;
  /** Nothing was heard since the last ping. */
  #silent = false;
  #takesTurns = true;
  #open = true;
  /** Octets that have come since it was closed. */
  #late = 0;
  #unsent: [Buffer, ...Buffer[]] | undefined;
  #unsentOctets = 0;
  /** Why we ended it; the peer's or the network's reason otherwise. */
  #reason: string | undefined;
  readonly #socket: FlowSocket;
  readonly #settings: FlowSettings;
  readonly #frames: FrameReader;
  /** Set once it is needed. */
  #websocket: WebSocket | undefined;
  #readByWs: DataListener | undefined;
  /** Frames are read as they come; or some have come that wait for their turn; or for the end of the rest. */
  #input: 'reading' | 'put-off' | 'resting' = 'reading';

  constructor(
    settings: FlowSettings,
    socket: Duplex,
    { transport, remoteAddress, remotePort, authority }: FlowAddresses,
  ) {
    this.transport = transport;
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
    this.authority = authority;
    this.#settings = settings;
    this.#frames = new FrameReader(this, settings.largestMessage);
    this.#socket = Object.assign(socket, { [FLOW]: this });
    socket.on('data', WebSocketFlow.#onData);
    // A peer that sends no more is gone, and waits for nothing.
    socket.allowHalfOpen = false;
    socket.on('error', WebSocketFlow.#onError);
    socket.on('close', WebSocketFlow.#onClose);
  }

  static #onData(this: FlowSocket, chunk: Buffer): void {
    this[FLOW].#read(chunk);
  }

  static #onError(this: FlowSocket, error: Error): void {
    const flow = this[FLOW];
    flow.#readRest();
    flow.#open = false;
    flow.#reason ??= error.message;
  }

  static #onClose(this: FlowSocket): void {
    this[FLOW].#closed(NO_CLOSE_FRAME);
  }

  get open(): boolean {
    const isClosing = this.#websocket !== undefined && this.#websocket.readyState !== WebSocket.OPEN;
    return this.#open && !isClosing && this.#socket.writable;
  }

  /**
   * Written for speed: what is sent to a peer in one turn of the event loop goes out in one system call. One after another, too, so that the
   * peers' processes are woken once and not for each. As octets: Node would copy a string of header and message once more. `ws` writes its
   * own frames (ping, pong, close) to the same socket, each whole.
   */
  send(message: string): boolean {
    if (!this.open) return false;
    const { writableLength } = this.#socket;
    if (writableLength + this.#unsentOctets > MOST_UNSENT) {
      this.#drop('The peer reads too slowly');
      return false;
    }
    const frame = websocketFrame(message, writableLength > 0);
    this.#unsentOctets += frame.length;
    // The flow waits already, with frames of the same turn.
    if (this.#unsent?.push(frame) !== undefined) return true;
    this.#unsent = [frame];
    const waiting = unsentFlows.push(this);
    if (waiting === 1) setImmediate(flushAll);
    else if (waiting === MOST_UNSENT_FLOWS) flushAll();
    return true;
  }

  /** Writes the waiting frames to the socket. */
  flush(): void {
    const frames = this.#unsent;
    if (frames === undefined) return;
    [this.#unsent, this.#unsentOctets] = [undefined, 0];
    if (this.#socket.writable) this.#socket.write(frames.length === 1 ? frames[0] : Buffer.concat(frames));
  }

  close(code: number, reason: string): void {
    if (!this.#open) return;
    this.#open = false;
    this.#reason ??= reason;
    this.flush();
    this.#frames.skim();
    this.#implemented().close(code, fittedReason(reason));
  }

  /** The wheel came round to this flow: if nothing was heard since the last time, the peer is gone. */
  ping(): void {
    if (this.#silent) {
      this.#drop('The peer does not answer');
      return;
    }
    // Also where nothing can be sent any more: a connection that does not end by itself must not stay.
    this.#silent = true;
    if (this.open) this.#socket.write(PING, 'latin1');
  }

  rest(ms: number): void {
    if (!this.#open || this.#input === 'resting') return;
    this.#input = 'resting';
    this.#frames.pause();
    this.#socket.pause();
    this.#settings.clock.after(ms, () => {
      this.#input = 'reading';
      this.#putOff();
    });
  }

  takesTurns(does: boolean): void {
    if (does && !this.#takesTurns) this.#frames.pause();
    this.#takesTurns = does;
  }

  /** Everything but whole messages is for `ws`: pings, fragments, the peer's closing, and all that breaks the protocol. */
  other(octets: Buffer): void {
    // `ws` lets go of a socket that has ended. Of a peer that was told to go, it only needs to hear that it goes.
    if (this.#socket.destroyed || (!this.#open && !isCloseFrame(octets))) return;
    this.#stirred(octets.length);
    // `ws` may answer it, with a close frame too.
    this.flush();
    this.#implemented();
    this.#readByWs?.call(this.#socket, octets);
  }

  message(frame: string): void {
    if (!this.#open) return;
    if (frame === KEEP_ALIVE || frame === KEEP_ALIVE_ANSWER) {
      this.#stirred(frame.length);
      if (frame === KEEP_ALIVE) this.send(KEEP_ALIVE_ANSWER);
    } else this.#settings.listener.received(this, frame);
  }

  pong(octets: number): void {
    this.#stirred(octets);
  }

  #stirred(octets: number): void {
    if (this.#open) this.#settings.listener.stirred?.(this, octets);
  }

  #drop(reason: string): void {
    this.#open = false;
    this.#reason ??= reason;
    this.#socket.destroy();
  }

  /** Whatever comes, a pong or part of a frame, shows that the peer is there. */
  #read(chunk: Buffer): void {
    this.#silent = false;
    if (!this.open && (this.#late += chunk.length) > MOST_AFTER_CLOSING) {
      this.#socket.destroy();
      return;
    }
    const isReadNow = this.#input === 'reading' && !this.#takesTurns;
    if (isReadNow ? this.#frames.read(chunk) : this.#frames.hold(chunk)) this.#putOff();
  }

  /** The frames that have come and are left are read a few at a time, and little more comes meanwhile. */
  #putOff(): void {
    if (this.#frames.held > MOST_HELD) this.#socket.pause();
    if (this.#input !== 'reading') return;
    this.#input = 'put-off';
    this.#settings.later.addBrief(() => this.#goOn());
  }

  /** Returns whether it is to be called again. */
  #goOn(): boolean {
    if (!this.#isPutOff()) return false;
    this.#silent = false;
    if (this.#frames.goOn() || !this.#isPutOff()) return this.#isPutOff();
    this.#input = 'reading';
    if (this.#socket.isPaused()) this.#socket.resume();
    return false;
  }

  #isPutOff(): boolean {
    return this.#input === 'put-off';
  }

  /** From now on `ws` has the socket, except for its input, which is read here first. */
  #implemented(): WebSocket {
    if (this.#websocket !== undefined) return this.#websocket;
    const socket = this.#socket;
    socket.off('error', WebSocketFlow.#onError).off('close', WebSocketFlow.#onClose);
    const websocket = (this.#websocket = this.#settings.implement(socket));
    this.#readByWs = socket.listeners('data').at(-1) as DataListener;
    socket.off('data', this.#readByWs);
    websocket.on('message', (data: Buffer) => {
      this.message(data.toString('latin1'));
    });
    websocket.on('error', (error) => {
      this.#frames.end();
      this.#reason ??= error.message;
    });
    websocket.on('close', (code, reason) => {
      this.#closed(reason.length > 0 ? reason.toString() : `WebSocket closed with ${String(code)}`);
    });
    return websocket;
  }

  /** What a peer has said before it went counts, as a page says the end of all its calls. */
  #readRest(): void {
    while (this.#frames.goOn());
  }

  #closed(reason: string): void {
    this.#readRest();
    this.#open = false;
    this.#settings.wheel.delete(this);
    this.#settings.listener.closed(this, this.#reason ?? reason);
  }
}
