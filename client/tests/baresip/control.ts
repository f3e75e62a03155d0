import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What baresip reports of itself, such as `CALL_ESTABLISHED` or `REGISTER_OK`. */
export interface BaresipEvent {
  readonly type: string;
  /** Of the call, where the event belongs to one. */
  readonly id?: string;
  /** Who is at the other end, as a SIP URI. */
  readonly peeruri?: string;
  /** More about it, such as the reason for which a call was closed. */
  readonly param?: string;
}

interface Response {
  readonly response: true;
  readonly ok: boolean;
  readonly data: string;
  readonly token: string;
}

type Word = Response | (BaresipEvent & { readonly event: true });

const RETRY_MS = 20;

/** baresip's `ctrl_tcp` module: JSON in netstrings (`12:{"some":"…"},`) over TCP. */
export class Control {
  readonly #socket: Socket;
  readonly #onEvent: (event: BaresipEvent) => void;
  readonly #asked = new Map<string, (response: Response) => void>();
  #unread = Buffer.alloc(0);
  #tokens = 0;

  private constructor(socket: Socket, onEvent: (event: BaresipEvent) => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', () => undefined);
  }

  /** Tries again until baresip listens at that port, or `signal` says that it never will. */
  static async connect(
    port: number,
    onEvent: (event: BaresipEvent) => void,
    signal: AbortSignal,
  ): Promise<Control> {
    for (;;) {
      signal.throwIfAborted();
      const socket = connect(port, '127.0.0.1');
      try {
        await once(socket, 'connect', { signal });
        return new Control(socket, onEvent);
      } catch {
        socket.destroy();
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  /** One of the commands of baresip's menu. Throws where baresip refuses it. */
  async command(command: string, params = ''): Promise<string> {
    const token = String(++this.#tokens);
    const asked = new Promise<Response>((resolve) => this.#asked.set(token, resolve));
    const text = JSON.stringify({ command, params, token });
    this.#socket.write(`${String(Buffer.byteLength(text))}:${text},`);
    const { ok, data } = await asked;
    if (!ok) throw new Error(`baresip refused ${command} ${params}: ${data}`);
    return data;
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    for (;;) {
      const colon = this.#unread.indexOf(':');
      if (colon < 0) return;
      const end = colon + 1 + Number(this.#unread.toString('latin1', 0, colon));
      if (this.#unread.length <= end) return;
      const word = JSON.parse(this.#unread.toString('utf8', colon + 1, end)) as Word;
      this.#unread = this.#unread.subarray(end + 1);
      if ('event' in word) this.#onEvent(word);
      else this.#asked.get(word.token)?.(word);
    }
  }
}
