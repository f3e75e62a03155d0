import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { SipStream } from './sip-stream.ts';

/** The tags of an established call (RFC 3261 §12), as its phone has them. */
interface Tags {
  readonly local: string;
  readonly remote: string;
}

/**
 * SIP over TCP (RFC 3261 §18) on one side, SIP over WebSocket (RFC 7118) on the other, since Debian's baresip has no
 * WebSocket transport yet. It changes nothing in the messages.
 */
export class Bridge {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #tags = new Map<string, Tags>();

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

  /** The value of a Replaces header (RFC 3891 §6.1) that stands for that call of the phone, by its Call-ID. */
  replaces(callId: string): string {
    const tags = this.#tags.get(callId);
    if (tags === undefined) throw new Error(`no call ${callId} has been answered`);
    return `${callId};to-tag=${tags.remote};from-tag=${tags.local}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(socket: Socket, url: string): void {
    const websocket = new WebSocket(url, 'sip');
    const opened = new Promise((resolve) => websocket.addEventListener('open', resolve));
    const stream = new SipStream((message) => {
      this.#note(message, 'to', 'from');
      void opened.then(() => websocket.send(message));
    });
    this.#sockets.add(socket);
    socket.on('data', (chunk) => stream.read(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      websocket.close();
    });
    websocket.addEventListener('message', ({ data }: MessageEvent<string>) => {
      this.#note(data, 'from', 'to');
      socket.write(data);
    });
    websocket.addEventListener('close', () => socket.destroy());
  }

  /** Remembers the tags of an INVITE that is answered. Those of the phone are in the fields `local`. */
  #note(message: string, local: 'to' | 'from', remote: 'to' | 'from'): void {
    if (!/^SIP\/2\.0 200 [\s\S]*^CSeq:[ \t]*\d+ INVITE/im.test(message)) return;
    const callId = /^Call-ID:[ \t]*(\S+)/im.exec(message)?.[1];
    const tag = (field: string): string =>
      new RegExp(`^${field}:.*;tag=([^;\\r]+)`, 'im').exec(message)?.[1] ?? '';
    if (callId !== undefined) this.#tags.set(callId, { local: tag(local), remote: tag(remote) });
  }
}
