import { connect, type Socket } from 'node:net';
import type { Battle } from './attack.ts';

/** An attacker's TCP connection, on which anything can be sent. It counts the HTTP answers that it reads, and its end. */
export class RawConnection {
  readonly #socket: Socket;
  #isConnected = true;
  #answers = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Resolves once it is connected, or with `undefined` where it is not. */
  static open({ target, tally }: Battle): Promise<RawConnection | undefined> {
    return new Promise((resolve) => {
      const socket = connect({ host: target.host, port: target.port, noDelay: true });
      const connection = new RawConnection(socket);
      tally.sent('connection');
      socket.setEncoding('latin1');
      socket.on('connect', () => resolve(connection));
      socket.on('data', (text: string) => {
        for (const [, status = ''] of text.matchAll(/HTTP\/1\.1 (\d{3})/g)) {
          connection.#answers++;
          tally.got(status);
        }
      });
      socket.on('error', () => undefined);
      socket.on('close', () => {
        if (connection.#isConnected) tally.got('closed');
        connection.#isConnected = false;
        resolve(undefined);
      });
    });
  }

  get connected(): boolean {
    return this.#isConnected && this.#socket.writable;
  }

  /** How many HTTP answers have come. */
  get answers(): number {
    return this.#answers;
  }

  /** Octets that the system has not taken yet. */
  get unsent(): number {
    return this.#socket.writableLength;
  }

  send(data: string | Uint8Array): void {
    if (!this.#isConnected) return;
    if (typeof data === 'string') this.#socket.write(data, 'latin1');
    else this.#socket.write(data);
  }

  /** From now on nothing of what the server sends is taken. */
  stopReading(): void {
    this.#socket.pause();
  }

  cut(): void {
    this.#isConnected = false;
    this.#socket.destroy();
  }
}

/** The handshake of a WebSocket for SIP, on which nothing has been sent yet. */
export const UPGRADE =
  'GET /sip HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: sip\r\n\r\n';
