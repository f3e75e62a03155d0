import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { SipStream } from './sip-stream.ts';

/**
 * SIP over TCP (RFC 3261 §18) on one side, SIP over WebSocket (RFC 7118) on the other, since Debian's baresip has no
 * WebSocket transport yet. It changes nothing in the messages.
 */
export class Bridge {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens at a port of its own on this machine; each TCP connection gets a WebSocket to `url`. */
  static async open(url: string): Promise<Bridge> {
    const bridge = new Bridge(createServer((socket) => bridge.#join(socket, url)));
    bridge.#server.listen(0, '127.0.0.1');
    await once(bridge.#server, 'listening');
    return bridge;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(socket: Socket, url: string): void {
    const websocket = new WebSocket(url, 'sip');
    const opened = new Promise((resolve) => websocket.addEventListener('open', resolve));
    const stream = new SipStream((message) => void opened.then(() => websocket.send(message)));
    this.#sockets.add(socket);
    socket.on('data', (chunk) => stream.read(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      websocket.close();
    });
    websocket.addEventListener('message', ({ data }: MessageEvent<string>) => socket.write(data));
    websocket.addEventListener('close', () => socket.destroy());
  }
}
