import { callId, type CallId, type CallView } from '@perch/shared';
import type { Clock } from '../../page/clock.svelte.ts';
import type { ServerWord } from '../../line/server-word.svelte.ts';
import type { Calls } from '../calls.svelte.ts';
import { keepCalls, type KeptCall, keptCalls } from './kept-calls.ts';

/** How soon to try again where a call could not be taken up, as something else was being agreed in it (milliseconds). */
const AGAIN_MS = 1_000;

/** Where a call is that another phone may take up. */
const TAKEN_UP: ReadonlySet<CallView['here']> = new Set(['away', 'elsewhere']);

export interface TakeUpParts {
  readonly calls: Pick<Calls, 'all' | 'byId' | 'takeUp' | 'isFull'>;
  readonly word: Pick<ServerWord, 'calls' | 'callsKnown' | 'offset'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Does the server hold the registration? */
  readonly isRegistered: () => boolean;
}

/**
 * Calls outlive their page: those that were up in this browser go on in the page that comes back, by themselves. Those that the
 * person here has at another phone can be brought along.
 */
export class TakeUp {
  readonly #terminal: string;
  readonly #parts: TakeUpParts;
  #kept: readonly KeptCall[];
  /** When each of them was last tried; nothing is shown of that. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- see above
  readonly #tried = new Map<CallId, number>();
  #closed = false;

  constructor(terminal: string, parts: TakeUpParts) {
    this.#terminal = terminal;
    this.#parts = parts;
    this.#kept = keptCalls(terminal);
  }

  /** The calls that a tap brings here, oldest first. */
  get offered(): readonly CallView[] {
    return this.#lost.filter(({ id, here }) => here === 'elsewhere' || this.#keptAs(id) === undefined);
  }

  /** Takes up what was up in this browser, and keeps in mind what is. */
  look(): void {
    const { calls, word, clock, isRegistered } = this.#parts;
    if (this.#closed || !word.callsKnown) return;
    const { now } = clock;
    for (const view of isRegistered() ? this.#lost : []) {
      const kept = this.#keptAs(view.id);
      if (
        kept === undefined ||
        view.here !== 'away' ||
        now - (this.#tried.get(callId(view.id)) ?? 0) < AGAIN_MS
      )
        continue;
      this.#take(view, kept.muted);
    }
    const here = calls.all.flatMap(({ id, muted, answered }) =>
      id !== null && answered ? [{ id, muted }] : [],
    );
    const away = this.#kept.filter(
      ({ id }) => calls.byId(callId(id)) === undefined && word.calls.some((view) => view.id === id),
    );
    const kept = [...here, ...away];
    if (JSON.stringify(kept) !== JSON.stringify(this.#kept)) keepCalls(this.#terminal, kept);
    this.#kept = kept;
  }

  /** Brings a call here that the person has at another phone. */
  readonly bring = (view: CallView): void => this.#take(view, false);

  /** Another tab is the phone from now on, and takes the calls up. */
  close(): void {
    this.#closed = true;
  }

  /** The calls that have no phone here. */
  get #lost(): readonly CallView[] {
    const { calls, word } = this.#parts;
    return word.calls.filter(
      ({ id, state, here }) =>
        state === 'talking' && TAKEN_UP.has(here) && !calls.isFull && calls.byId(callId(id)) === undefined,
    );
  }

  #keptAs(id: string): KeptCall | undefined {
    return this.#kept.find((kept) => kept.id === id);
  }

  #take(view: CallView, muted: boolean): void {
    const { calls, word, clock } = this.#parts;
    this.#tried.set(callId(view.id), clock.now);
    calls.takeUp(view, { since: view.since - word.offset, muted });
  }
}
