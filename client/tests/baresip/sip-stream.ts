const KEEP_ALIVE = '\r\n\r\n';

/** Cuts a TCP stream into SIP messages by their Content-Length (RFC 3261 §18.3). */
export class SipStream {
  readonly #onMessage: (message: string) => void;
  #unread = Buffer.alloc(0);

  /** `onMessage` also gets the keep-alives between the messages (RFC 5626 §4.4.1). */
  constructor(onMessage: (message: string) => void) {
    this.#onMessage = onMessage;
  }

  read(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    for (let length = this.#first(); length > 0; length = this.#first()) {
      this.#onMessage(this.#unread.toString('utf8', 0, length));
      this.#unread = this.#unread.subarray(length);
    }
  }

  /** Octets of the first message; 0 while it is not all there. */
  #first(): number {
    const text = this.#unread.toString('latin1');
    if (text.startsWith(KEEP_ALIVE)) return KEEP_ALIVE.length;
    const head = text.indexOf('\r\n\r\n');
    if (head < 0) return 0;
    const body = /^(?:Content-Length|l)[ \t]*:[ \t]*(\d+)/im.exec(text.slice(0, head))?.[1] ?? '0';
    const length = head + 4 + Number(body);
    return length <= text.length ? length : 0;
  }
}
