import { WebSocketInterface } from 'jssip';

declare module 'jssip/lib/WebSocketInterface' {
  interface WebSocketInterface {
    /** Left out of JsSIP's types. */
    _onMessage(event: MessageEvent): void;
  }
}

/** The keep-alive of a connection, which the server answers (RFC 5626 §3.5.1). */
const KEEP_ALIVE = '\r\n\r\n';

/** JsSIP's WebSocket, and whether the server is still at its other end: a browser may not notice for minutes that it is not. */
export class AnsweringSocket extends WebSocketInterface {
  readonly #waiting = new Set<() => void>();

  /** Whatever comes within so many milliseconds is an answer. */
  answers(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const heard = (): void => end(true);
      const late = setTimeout(() => end(false), ms);
      const end = (answered: boolean): void => {
        clearTimeout(late);
        this.#waiting.delete(heard);
        resolve(answered);
      };
      this.#waiting.add(heard);
      this.send(KEEP_ALIVE);
    });
  }

  override _onMessage(event: MessageEvent): void {
    for (const heard of this.#waiting) heard();
    super._onMessage(event);
  }
}
