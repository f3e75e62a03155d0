import type { CallView } from '@perch/shared';
import type { ServerWord } from '../../line/server-word.svelte.ts';
import type { ActiveCall } from '../active-call.svelte.ts';
import type { Calls } from '../calls.svelte.ts';

/**
 * How far apart two words of the server lie that both leave out a call (milliseconds): longer than a call takes to get another phone or another
 * id, and than one list needs to follow another.
 */
const FORGOTTEN_MS = 8_000;

/** Where this side of a call is that has no phone here. */
const NOT_HERE: ReadonlySet<CallView['here']> = new Set(['elsewhere', 'left']);

export interface ForgottenCallsParts {
  readonly calls: Pick<Calls, 'all'>;
  readonly word: Pick<ServerWord, 'calls' | 'callsKnown' | 'heardAt'>;
  /** Does the server hold the registration? */
  readonly isRegistered: () => boolean;
}

/** What is remembered of a call. */
interface Watched {
  /** All that it has had: while it is being joined with another call, the server lists it under the one before. */
  readonly ids: Set<string>;
  /** When the server was first heard without it, by this browser's clock. */
  missingSince: number | null;
}

/**
 * A call is over where the server no longer has it, whatever this browser believes: the BYE may have been lost with a line. The server's
 * lists and its SIP come over two sockets, either of which may be the first; so it counts what the server still says while the line stands.
 */
export class ForgottenCalls {
  readonly #parts: ForgottenCallsParts;
  readonly #watched = new WeakMap<ActiveCall, Watched>();

  constructor(parts: ForgottenCallsParts) {
    this.#parts = parts;
  }

  /** To be called whenever the server is heard. */
  look(): void {
    const { calls, word, isRegistered } = this.#parts;
    const { heardAt } = word;
    const isCertain = isRegistered() && word.callsKnown && heardAt !== null;
    for (const call of calls.all) {
      const watched = this.#watch(call);
      if (!isCertain || call.isTaking || call.since === null || this.#isListed(watched.ids)) {
        watched.missingSince = null;
        continue;
      }
      watched.missingSince ??= heardAt;
      if (heardAt - watched.missingSince >= FORGOTTEN_MS) call.forget();
    }
  }

  #watch(call: ActiveCall): Watched {
    const watched = this.#watched.get(call) ?? { ids: new Set(), missingSince: null };
    if (call.id !== null) watched.ids.add(call.id);
    this.#watched.set(call, watched);
    return watched;
  }

  /** Until it is named, nothing that the server says can be about a call. */
  #isListed(ids: ReadonlySet<string>): boolean {
    return (
      ids.size === 0 || this.#parts.word.calls.some(({ id, here }) => ids.has(id) && !NOT_HERE.has(here))
    );
  }
}
