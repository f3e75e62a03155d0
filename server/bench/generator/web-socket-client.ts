import { connect, type Socket } from 'node:net';

/** What a socket tells its phone. `closed` comes last and once. */
export interface WebSocketListener {
  opened(): void;
  /** One text or binary frame, decoded as latin1. */
  message(text: string): void;
  closed(reason: string): void;
}

export interface Address {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** The WebSocket subprotocol to ask for, where there is one. */
  readonly protocol?: string;
}

const PAYLOAD_AT = 8;
const MASK = 0x5a3c_9617 | 0;
const received = Buffer.allocUnsafeSlow(256 * 1024);
const scratch = Buffer.from(new ArrayBuffer(PAYLOAD_AT + 65_536));
const scratchWords = new Int32Array(scratch.buffer);
/** The mask in the machine's octet order, so that whole words can be masked. */
const maskOctets = Buffer.from(new Int32Array([MASK]).buffer);

/**
 * The client's end of a WebSocket (RFC 6455) with as little work as possible: one shared receive buffer, frames
 * masked a word at a time, no fragments. A load generator on one core has to outrun the server that it measures.
 */
export class WebSocketClient {
  readonly #socket: Socket;
  readonly #listener: WebSocketListener;
  #upgraded = false;
  #pending: Buffer | undefined;
  #closedBecause = 'the server closed the connection';

  constructor(address: Address, listener: WebSocketListener) {
    this.#listener = listener;
    this.#socket = connect({
      host: address.host,
      port: address.port,
      noDelay: true,
      onread: {
        buffer: received,
        callback: (octets) => {
          this.#received(received.subarray(0, octets));
          return true;
        },
      },
    });
    this.#socket.on('connect', () => this.#socket.write(upgradeRequest(address)));
    this.#socket.on('error', (error) => (this.#closedBecause = error.message));
    this.#socket.on('close', () => listener.closed(this.#closedBecause));
  }

  send(message: string): void {
    if (this.#socket.writable) this.#socket.write(frame(0x81, message));
  }

  /** Octets that the system has not taken yet. */
  get unsent(): number {
    return this.#socket.writableLength;
  }

  /** From now on nothing of what the server sends is taken. */
  stopReading(): void {
    this.#socket.pause();
  }

  /** Cuts the connection without a closing handshake, as a lost network would. */
  destroy(): void {
    this.#socket.destroy();
  }

  #received(chunk: Buffer): void {
    let data = this.#pending === undefined ? chunk : Buffer.concat([this.#pending, chunk]);
    this.#pending = undefined;
    if (!this.#upgraded) {
      const end = data.indexOf('\r\n\r\n');
      if (end < 0) {
        this.#pending = Buffer.from(data);
        return;
      }
      const statusLine = data.toString('latin1', 0, data.indexOf('\r\n'));
      if (!statusLine.startsWith('HTTP/1.1 101')) {
        this.#closedBecause = `the upgrade was answered "${statusLine}"`;
        this.#socket.destroy();
        return;
      }
      this.#upgraded = true;
      data = data.subarray(end + 4);
      this.#listener.opened();
    }
    const rest = this.#frames(data);
    if (rest < data.length) this.#pending = Buffer.from(data.subarray(rest));
  }

  /** Handles every whole frame of `data` and returns where the first incomplete one begins. */
  #frames(data: Buffer): number {
    let at = 0;
    while (data.length - at >= 2) {
      const length = data[at + 1] ?? 0;
      const header = length < 126 ? 2 : length === 126 ? 4 : 10;
      if (data.length - at < header) break;
      const payload =
        length < 126 ? length : length === 126 ? data.readUInt16BE(at + 2) : data.readUInt32BE(at + 6);
      const end = at + header + payload;
      if (end > data.length) break;
      this.#frame((data[at] ?? 0) & 0x0f, data, at + header, end);
      at = end;
    }
    return at;
  }

  #frame(opcode: number, data: Buffer, start: number, end: number): void {
    if (opcode === 1 || opcode === 2) {
      this.#listener.message(data.toString('latin1', start, end));
    } else if (opcode === 8) {
      this.#closedBecause = `closed by the server: ${data.toString('latin1', start + 2, end)}`;
      this.#socket.destroy();
    } else if (opcode === 9) {
      this.#socket.write(frame(0x8a, data.toString('latin1', start, end)));
    }
  }
}

function upgradeRequest({ host, port, path, protocol }: Address): string {
  return (
    `GET ${path} HTTP/1.1\r\nHost: ${host}:${String(port)}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n' +
    (protocol === undefined ? '\r\n' : `Sec-WebSocket-Protocol: ${protocol}\r\n\r\n`)
  );
}

/** A masked frame of its own memory; the mask is never zero, so that the server has to undo it. */
function frame(firstOctet: number, message: string): Buffer {
  const length = scratch.write(message, PAYLOAD_AT, 'latin1');
  const lastWord = (PAYLOAD_AT + length) >> 2;
  for (let word = PAYLOAD_AT >> 2; word <= lastWord; word++) {
    scratchWords[word] = (scratchWords[word] ?? 0) ^ MASK;
  }
  const start = length < 126 ? 2 : 0;
  scratch[start] = firstOctet;
  if (length < 126) {
    scratch[start + 1] = 0x80 | length;
  } else {
    scratch[1] = 0x80 | 126;
    scratch.writeUInt16BE(length, 2);
  }
  maskOctets.copy(scratch, PAYLOAD_AT - 4);
  return Buffer.from(scratch.subarray(start, PAYLOAD_AT + length));
}
