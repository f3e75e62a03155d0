import { FEATURE_CODES, serviceOf } from '@perch/shared';
import { succeeded } from '../../phone/calls/takeover.ts';
import { m } from '../../paraglide/messages.js';
import type { ActiveCall } from './active-call.svelte.ts';
import type { Notices } from '../page/notices.svelte.ts';
import type { ServerWord } from '../line/server-word.svelte.ts';

/** How long after a new registration the server may take to say who is here (milliseconds). */
const TOLD_MS = 1_500;

export interface CenterVisitsParts {
  readonly word: Pick<ServerWord, 'visit' | 'beginVisit' | 'endVisit'>;
  readonly notices: Pick<Notices, 'show'>;
  /** Identifies the session of the person at this terminal. */
  readonly session: () => string | null;
}

/** The calls to the Virtualization Center: their dialogue, and the last sentence where a visit failed. */
export class CenterVisits {
  readonly #parts: CenterVisitsParts;
  /** The session in which the Center was called last. */
  #session: string | null = null;

  constructor(parts: CenterVisitsParts) {
    this.#parts = parts;
  }

  /** `userPart` is called, which may be the Center. */
  begin(userPart: string): void {
    const service = serviceOf(userPart);
    if (service?.name !== 'center') return;
    this.#session = this.#parts.session();
    this.#parts.word.beginVisit(service.number ?? '');
  }

  /** The call is over: says what the Center said last where it did not do what was asked. */
  end(call: ActiveCall): void {
    const { word, notices, session } = this.#parts;
    const { visit } = word;
    word.endVisit();
    if (visit === null) return;
    const { outcome } = visit;
    if (outcome !== null) {
      if (!succeeded(outcome))
        notices.show(
          outcome === 'refused' ? m.center_refused({ center: FEATURE_CODES.center }) : visit.text,
          'bad',
        );
    } else if (call.state.kind === 'over' && call.state.ending === 'connection') {
      // Only once the server, back again, had time to say who is here.
      const before = this.#session;
      setTimeout(() => {
        if (session() === before) notices.show(m.center_lost(), 'bad');
      }, TOLD_MS);
    }
  }
}
