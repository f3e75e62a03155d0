import type { Account, Target } from '../load.ts';
import * as sip from './sip-text.ts';
import { WebSocketClient } from './web-socket-client.ts';

/** Far from where other processes of this run begin. */
let serial = (process.pid % 1_000) * 50_000_000;
/** A name that is unique in this run, for a message, call or phone. */
export const unique = (): string => (++serial).toString(36).padStart(7, '0');

interface Transaction {
  readonly response: (response: string) => void;
  readonly lost: (reason: Error) => void;
}

/** One phone on one socket: sends requests, hands out the responses, lets its owner answer requests. */
export class Phone {
  readonly account: Account;
  readonly target: Target;
  /** The Contact of this phone, bracketed. */
  readonly contact: string;
  readonly via: string;
  readonly instance: string;
  /** Called with each request of the server's; what it returns is sent back. */
  answer: (request: string, method: string) => string | undefined;
  /** Called with each final response to something that was sent as text. */
  unexpected: (response: string) => void = () => {};
  #socket: WebSocketClient | undefined;
  readonly #transactions = new Map<string, Transaction>();

  constructor(account: Account, target: Target) {
    const id = unique();
    const host = `${id}bench.invalid`;
    this.account = account;
    this.target = target;
    this.contact = `<sip:${id}@${host};transport=ws>`;
    this.via = `SIP/2.0/WS ${host}`;
    this.instance = `00000000-0000-4000-8000-${id.padStart(12, '0')}`;
    this.answer = (request, method) =>
      method === 'ACK' ? undefined : sip.respond(request, '200 OK', { toTag: unique() });
  }

  connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocketClient(
        { ...this.target, protocol: 'sip' },
        {
          opened: resolve,
          message: (text) => this.#received(text),
          closed: (reason) => {
            if (this.#socket !== socket) return;
            reject(new Error(reason));
            this.#lost(reason);
          },
        },
      );
      this.#socket = socket;
    });
  }

  /** Drops the connection, as when the network fails. */
  cut(): void {
    this.#socket?.destroy();
    this.#lost('the phone has cut its connection');
  }

  get connected(): boolean {
    return this.#socket !== undefined;
  }

  /** Octets that the system has not taken yet. */
  get unsent(): number {
    return this.#socket?.unsent ?? 0;
  }

  /** From now on nothing of what the server sends is taken. */
  stopReading(): void {
    this.#socket?.stopReading();
  }

  send(text: string): void {
    this.#socket?.send(text);
  }

  /** Sends a request whose topmost Via has `branch`; resolves with its final response, whatever that is. */
  request(text: string, branch: string): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#socket === undefined) throw new Error(`${this.account.user} has lost its connection`);
      this.#transactions.set(branch, { response: resolve, lost: reject });
      this.send(text);
    });
  }

  #received(text: string): void {
    if (sip.isResponse(text)) {
      if (sip.status(text) < 200) return;
      const branch = sip.branch(text);
      const transaction = this.#transactions.get(branch);
      this.#transactions.delete(branch);
      if (transaction === undefined) this.unexpected(text);
      else transaction.response(text);
    } else if (text === '\r\n\r\n') {
      this.send('\r\n');
    } else if (text !== '\r\n') {
      const response = this.answer(text, sip.method(text));
      if (response !== undefined) this.send(response);
    }
  }

  #lost(reason: string): void {
    this.#socket = undefined;
    for (const transaction of this.#transactions.values()) transaction.lost(new Error(reason));
    this.#transactions.clear();
  }
}
