import { WebSocketInterface } from 'jssip';
import { after, type Cancel } from '../world/timers.ts';

declare module 'jssip/lib/WebSocketInterface' {
  interface WebSocketInterface {
    /** Left out of JsSIP's types. */
    _onMessage(event: MessageEvent): void;
  }
}

/** The keep-alive of a connection, which the server answers (RFC 5626 §3.5.1). */
const KEEP_ALIVE = '\r\n\r\n';
/** How long nothing at all may come after a request (milliseconds): the server answers each at once, if only with 100. */
const UNANSWERED_MS = 500;

/** JsSIP's WebSocket, and whether the server is still at its other end: a browser may not notice for minutes that it is not. */
export class AnsweringSocket extends WebSocketInterface {
  readonly #waiting = new Set<() => void>();
  readonly #onUnanswered: () => void;
  #cancelUnanswered: Cancel | undefined;

  /** `onUnanswered`: nothing has come for half a second after something that the server answers. */
  constructor(url: string, onUnanswered: () => void) {
    super(url);
    this.#onUnanswered = onUnanswered;
  }

  /** Whatever comes within so many milliseconds is an answer. */
  answers(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const heard = (): void => end(true);
      const cancel = after(ms, () => end(false));
      const end = (answered: boolean): void => {
        cancel();
        this.#waiting.delete(heard);
        resolve(answered);
      };
      this.#waiting.add(heard);
      this.send(KEEP_ALIVE);
    });
  }

  override send(message: string): boolean {
    if (isAnswered(message)) this.#cancelUnanswered ??= after(UNANSWERED_MS, this.#onUnanswered);
    return super.send(message);
  }

  override disconnect(): void {
    this.#heard();
    super.disconnect();
  }

  override _onMessage(event: MessageEvent): void {
    this.#heard();
    for (const heard of this.#waiting) heard();
    super._onMessage(event);
  }

  #heard(): void {
    this.#cancelUnanswered?.();
    this.#cancelUnanswered = undefined;
  }
}

/** Requests but ACK; and final responses to INVITE, which ACK answers (RFC 3261 §17.2.1). */
const isAnswered = (message: string): boolean =>
  message.startsWith('SIP/2.0 ')
    ? /^SIP\/2\.0 [2-6]/.test(message) && /^CSeq: *\d+ +INVITE\r$/m.test(message)
    : /^(?!ACK )[A-Z]+ /.test(message);
