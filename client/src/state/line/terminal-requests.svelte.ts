import { terminalApi, type CallId, type Language } from '@perch/shared';
import { request } from '../../api/request.ts';
import type { Notices } from '../page/notices.svelte.ts';
import { refusalSentence } from '../sentences.ts';

/** What the page asks the server to do with its terminal, without a call. Each resolves to whether it is done. */
export class TerminalRequests {
  /** One of them is under way. */
  busy = $state(false);
  readonly #token: string;
  readonly #notices: Pick<Notices, 'show'>;

  constructor(token: string, notices: Pick<Notices, 'show'>) {
    this.#token = token;
    this.#notices = notices;
  }

  /** Does what `*30` does. */
  readonly returnHome = (): Promise<boolean> => this.#ask(terminalApi.returnFromTerminal);
  readonly undo = (): Promise<boolean> => this.#ask(terminalApi.undo);
  /** The guest here, who is warned of the end of their stay, goes on for an hour. */
  readonly extendStay = (): Promise<boolean> => this.#ask(terminalApi.extendStay);
  readonly setDoNotDisturb = (of: string, on: boolean): Promise<boolean> =>
    this.#run(() => request(terminalApi.setDoNotDisturb, { token: this.#token, body: { of, on } }));
  readonly setLanguage = (of: string, language: Language | null): Promise<boolean> =>
    this.#run(() => request(terminalApi.setLanguage, { token: this.#token, body: { of, language } }));
  /** Joins two calls in a conference, or adds the party of one to that of the other. */
  readonly confer = (one: CallId, other: CallId): Promise<boolean> =>
    this.#run(() => request(terminalApi.confer, { token: this.#token, body: { calls: [one, other] } }));
  /** Takes a call back that is being sent on and still rings there. */
  readonly takeBack = (call: CallId): Promise<boolean> =>
    this.#run(() => request(terminalApi.takeBack, { token: this.#token, body: { call } }));

  #ask(
    operation:
      | typeof terminalApi.returnFromTerminal
      | typeof terminalApi.undo
      | typeof terminalApi.extendStay,
  ): Promise<boolean> {
    return this.#run(() => request(operation, { token: this.#token }));
  }

  async #run(ask: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    try {
      await ask();
      return true;
    } catch (error) {
      this.#notices.show(refusalSentence(error), 'bad');
      return false;
    } finally {
      this.busy = false;
    }
  }
}
