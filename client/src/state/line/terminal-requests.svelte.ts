import { terminalApi, type CallId, type Language } from '@perch/shared';
import { request } from '../../api/request.ts';
import type { Notices } from '../page/notices.svelte.ts';
import { refusalSentence } from '../sentences.ts';

interface Asked {
  /** The same for the second press of a key. */
  readonly what: string;
  readonly done: Promise<boolean>;
}

/**
 * What the page asks the server to do with its terminal, without a call: one after the other, so that nothing is lost and the last choice
 * stands. Each resolves to whether it is done.
 */
export class TerminalRequests {
  /** One of them is under way. */
  busy = $state(false);
  /** Under way, or waiting for what is. */
  #latest: Asked | undefined;
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
    this.#inTurn(`do not disturb ${of} ${String(on)}`, () =>
      request(terminalApi.setDoNotDisturb, { token: this.#token, body: { of, on } }),
    );
  readonly setLanguage = (of: string, language: Language | null): Promise<boolean> =>
    this.#inTurn(`language ${of} ${String(language)}`, () =>
      request(terminalApi.setLanguage, { token: this.#token, body: { of, language } }),
    );
  /** Joins two calls in a conference, or adds the party of one to that of the other. */
  readonly confer = (one: CallId, other: CallId): Promise<boolean> =>
    this.#inTurn(`confer ${one} ${other}`, () =>
      request(terminalApi.confer, { token: this.#token, body: { calls: [one, other] } }),
    );
  /** Takes a call back that is being sent on and still rings there. */
  readonly takeBack = (call: CallId): Promise<boolean> =>
    this.#inTurn(`take back ${call}`, () =>
      request(terminalApi.takeBack, { token: this.#token, body: { call } }),
    );

  #ask(
    operation:
      | typeof terminalApi.returnFromTerminal
      | typeof terminalApi.undo
      | typeof terminalApi.extendStay,
  ): Promise<boolean> {
    return this.#inTurn(operation.path, () => request(operation, { token: this.#token }));
  }

  #inTurn(what: string, ask: () => Promise<unknown>): Promise<boolean> {
    const before = this.#latest;
    if (before?.what === what) return before.done;
    const latest: Asked = { what, done: this.#run(before?.done, ask).finally(() => this.#end(latest)) };
    this.#latest = latest;
    this.busy = true;
    return latest.done;
  }

  #end(asked: Asked): void {
    if (asked !== this.#latest) return;
    this.#latest = undefined;
    this.busy = false;
  }

  async #run(before: Promise<boolean> | undefined, ask: () => Promise<unknown>): Promise<boolean> {
    await Promise.allSettled([before]);
    try {
      await ask();
      return true;
    } catch (error) {
      this.#notices.show(refusalSentence(error), 'bad');
      return false;
    }
  }
}
