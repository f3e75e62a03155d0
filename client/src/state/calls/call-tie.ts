import { m } from '../../words/messages.svelte.ts';
import type { Health } from '../../phone/line/health.ts';
import type { Notices } from '../page/notices.svelte.ts';

/** What ties a person to the call that they are in: it is a call for help, or nobody would carry out what is asked. */
export type Tie = 'emergency' | 'no-server';

export interface CallTieParts {
  readonly inEmergency: () => boolean;
  readonly health: () => Pick<Health, 'kind'>;
  readonly notices: Pick<Notices, 'show'>;
}

/** Why the calls of a phone can be neither sent on, parked nor joined, and no other be made beside them; as long as it holds. */
export class CallTie {
  readonly #parts: CallTieParts;

  constructor(parts: CallTieParts) {
    this.#parts = parts;
  }

  get why(): Tie | null {
    if (this.#parts.inEmergency()) return 'emergency';
    const { kind } = this.#parts.health();
    return kind === 'offline' || kind === 'starting' ? 'no-server' : null;
  }

  /** To be asked before such a thing is done: whether it holds, which the page then says. */
  readonly holds = (): boolean => {
    const { why } = this;
    if (why !== null) this.#parts.notices.show(tieSentence(why), 'bad');
    return why !== null;
  };
}

export const tieSentence = (why: Tie): string =>
  why === 'emergency' ? m.tied_by_emergency() : m.tied_without_server();
