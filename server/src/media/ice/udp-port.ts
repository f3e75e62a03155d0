import dgram from 'node:dgram';
import { once } from 'node:events';
import { isIpv6 } from './ip-address.ts';

/** An address and port that datagrams come from and go to. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

/** A key for each peer. */
export const peerKey = ({ address, port }: Peer): string => `${address} ${port}`;

/** A burst of every call's packets has to fit while the process does something else. */
const SOCKET_BUFFER_OCTETS = 4 << 20;
/** A port that is free for IPv4 may be in use for IPv6; then another is tried. */
const ATTEMPTS = 10;

/** One UDP port, IPv4 and, where the machine has it, IPv6. */
export class UdpPort {
  readonly #ipv4: dgram.Socket;
  readonly #ipv6: dgram.Socket | undefined;
  #open = true;
  /** Datagrams that the system would not take, and errors that it reported on its own. */
  failures = 0;

  /** Binds `port`, or any free one for 0. Rejects with the system's error if it is taken. */
  static async open(port: number): Promise<UdpPort> {
    for (let attempt = 1; ; attempt++) {
      const ipv4 = await bind('udp4', port);
      try {
        const ipv6 = await bind('udp6', ipv4.address().port);
        return new UdpPort(ipv4, ipv6);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL') return new UdpPort(ipv4, undefined);
        ipv4.close();
        if (port !== 0 || attempt === ATTEMPTS) throw error;
      }
    }
  }

  private constructor(ipv4: dgram.Socket, ipv6: dgram.Socket | undefined) {
    this.#ipv4 = ipv4;
    this.#ipv6 = ipv6;
    // An ICMP error caused by an earlier datagram: the port stays open.
    for (const socket of this.#sockets) socket.on('error', () => this.failures++);
  }

  /** Every datagram from now on goes to `receive`, which must not throw. */
  listen(receive: (datagram: Buffer, from: Peer) => void): void {
    for (const socket of this.#sockets) socket.on('message', receive);
  }

  get number(): number {
    return this.#ipv4.address().port;
  }

  /** Sends, or counts that it could not. */
  send(datagram: Buffer, { address, port }: Peer): void {
    const socket = isIpv6(address) ? this.#ipv6 : this.#ipv4;
    // A datagram can claim to come from port 0, but none can be sent there.
    if (!this.#open || !socket || port === 0) {
      this.failures++;
      return;
    }
    socket.send(datagram, port, address, (error) => {
      if (error) this.failures++;
    });
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await Promise.all(
      this.#sockets.map((socket) => {
        const closed = once(socket, 'close');
        socket.close();
        return closed;
      }),
    );
  }

  get #sockets(): dgram.Socket[] {
    return this.#ipv6 ? [this.#ipv4, this.#ipv6] : [this.#ipv4];
  }
}

async function bind(type: 'udp4' | 'udp6', port: number): Promise<dgram.Socket> {
  const socket = dgram.createSocket({
    type,
    ipv6Only: type === 'udp6', // each family has a socket of its own
    recvBufferSize: SOCKET_BUFFER_OCTETS,
    sendBufferSize: SOCKET_BUFFER_OCTETS,
  });
  try {
    socket.bind(port);
    await once(socket, 'listening'); // rejects on 'error'
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}
