import { type PastCall, ownApi } from '@perch/shared';
import { request, RequestError } from '../../api/request.ts';
import type { OwnThings } from '../line/own-things.svelte.ts';
import { refusalSentence } from '../sentences.ts';

/** What is shown of the history: everything, or what was missed. */
export type HistoryFilter = 'all' | 'missed';

export interface CallHistoryParts {
  readonly token: string;
  /** The number of the extension that speaks here right now. */
  readonly speaker: () => string | undefined;
  readonly own: Pick<OwnThings, 'missed'>;
}

/** The history of the one who speaks here, as far as it has been asked for, while the page shows it. Nothing of it is stored in the browser. */
export class CallHistory {
  /** The latest first; `undefined` until the server has told. */
  calls: readonly PastCall[] | undefined = $state.raw();
  /** Where the next page begins; `null` after the last. */
  next: string | null = $state(null);
  /** Why it could not be fetched, in words. */
  trouble: string | null = $state(null);
  busy = $state(false);
  filter: HistoryFilter = $state('all');
  readonly #parts: CallHistoryParts;
  readonly #whose: string | undefined;
  #asked: AbortController | undefined;
  /** Somebody has asked for earlier calls: until those are there, or cannot be had. */
  #extending: Promise<void> | undefined;
  #seenUntil = 0;

  constructor(parts: CallHistoryParts) {
    this.#parts = parts;
    this.#whose = parts.speaker();
  }

  /** Asks for the latest calls: the history was opened, or has changed. What follows them stays. */
  readonly look = async (): Promise<void> => {
    if (this.#extending !== undefined) await this.#extending;
    const page = await this.#ask({});
    if (page === undefined) return;
    const last = page.calls.at(-1);
    const isKnown = (call: PastCall): boolean => page.calls.some(({ id }) => id === call.id);
    const earlier = (this.calls ?? []).filter(
      (call) => page.next !== null && last !== undefined && call.at <= last.at && !isKnown(call),
    );
    this.calls = [...page.calls, ...earlier];
    if (earlier.length === 0) this.next = page.next;
  };

  readonly more = async (): Promise<void> => {
    const { next } = this;
    if (next === null || this.busy) return;
    this.#extending = this.#extend(next);
    await this.#extending;
    this.#extending = undefined;
  };

  async #extend(next: string): Promise<void> {
    const page = await this.#ask({ after: next });
    if (page === undefined) return;
    this.next = page.next;
    const calls = this.calls ?? [];
    this.calls = [...calls, ...page.calls.filter(({ id }) => !calls.some((known) => known.id === id))];
  }

  readonly show = (filter: HistoryFilter): Promise<void> => {
    this.#asked?.abort();
    this.filter = filter;
    this.calls = undefined;
    this.next = null;
    return this.look();
  };

  /** Somebody looks at the list: the missed calls in it are news no longer, at any phone of the extension. */
  readonly see = async (): Promise<void> => {
    const { token, own } = this.#parts;
    const missed = this.calls?.filter(({ result }) => result === 'missed') ?? [];
    const until = Math.max(0, ...missed.map((call) => call.until));
    if (own.missed === 0 || until <= this.#seenUntil || !this.#isTheirs) return;
    this.#seenUntil = until;
    const body = { of: this.#whose ?? '', until };
    // What was not noted stays marked, and is noted with the next touch.
    await request(ownApi.seeHistory, { token, body }).catch(() => (this.#seenUntil = 0));
  };

  /** Nothing that arrives from now on is shown. */
  close(): void {
    this.#asked?.abort();
  }

  /** The page will be told of another speaker, and this history be closed. */
  get #isTheirs(): boolean {
    return this.#whose !== undefined && this.#whose === this.#parts.speaker();
  }

  async #ask(page: { readonly after?: string }) {
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    const { signal } = asked;
    const query = { ...page, ...(this.filter === 'missed' && { missed: 'yes' as const }) };
    this.busy = true;
    try {
      const found = await request(ownApi.history, { token: this.#parts.token, query }, signal);
      if (signal.aborted || found.extension !== this.#whose || !this.#isTheirs) return undefined;
      this.trouble = null;
      return found;
    } catch (error) {
      const isGone = error instanceof RequestError && error.code === 'phone-locked';
      if (!signal.aborted && !isGone) this.trouble = refusalSentence(error);
      return undefined;
    } finally {
      if (this.#asked === asked) this.busy = false;
    }
  }
}
