import { pageEvent, type PageEvent } from '@perch/shared';
import { pauseAfter } from '../phone/back-off.ts';

/** The server closes with this when the token is not, or no longer, good. */
const TOKEN_REFUSED = 4401;
/** The server closes with this while the extension is suspended. */
const SUSPENDED = 4403;

export interface EventsListener {
  onEvent(event: PageEvent): void;
  /** The terminal's token is no longer good: nothing will come any more. */
  onRefused(): void;
  /** The extension is suspended; what comes next, if anything, says that it no longer is. */
  onSuspended(): void;
}

/** What the server tells this terminal (`GET /api/events`), connected again whenever it breaks. */
export class EventsSocket {
  readonly #token: string;
  readonly #listener: EventsListener;
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;

  constructor(token: string, listener: EventsListener) {
    this.#token = token;
    this.#listener = listener;
  }

  /** Connects now, whatever stands or is planned. */
  reconnect(): void {
    this.close();
    const url = new URL('/api/events', location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ token: this.#token }));
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code }) => {
      if (code === SUSPENDED) this.#listener.onSuspended();
      if (code === TOKEN_REFUSED) this.#listener.onRefused();
      else this.#timer = setTimeout(() => this.reconnect(), pauseAfter(this.#attempt++, Math.random()));
    };
  }

  /** Connects now unless the connection stands or is being made. */
  ensure(): void {
    const state = this.#socket?.readyState;
    if (state !== WebSocket.OPEN && state !== WebSocket.CONNECTING) this.reconnect();
  }

  close(): void {
    clearTimeout(this.#timer);
    if (this.#socket === undefined) return;
    this.#socket.onclose = this.#socket.onmessage = this.#socket.onopen = null;
    this.#socket.close();
    this.#socket = undefined;
  }

  #receive(data: unknown): void {
    const event = pageEvent.safeParse(typeof data === 'string' ? JSON.parse(data) : undefined);
    // A newer server may say more than this page understands.
    if (!event.success) return;
    this.#attempt = 0;
    this.#listener.onEvent(event.data);
  }
}
