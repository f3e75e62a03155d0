import type { Party } from '@perch/shared';
import { recentKindOf } from '../../phone/calls/recent-kind.ts';
import type { Visit } from '../../phone/calls/voicemail-visit.ts';
import type { ActiveCall } from './active-call.svelte.ts';
import type { Notices } from '../page/notices.svelte.ts';
import type { Recents } from './recents.svelte.ts';
import { endingNotice } from '../sentences.ts';

export interface CallEndsParts {
  readonly recents: Recents;
  readonly notices: Pick<Notices, 'show'>;
  /** Is there a person here whose calls these are? */
  readonly isKept: () => boolean;
  /** The call did not reach anyone: the number can be corrected, or called again. */
  readonly onNotReached: (number: string) => void;
}

/** What happens when a call is over: it is listed as recent, a sentence says how it ended, and its number can be tried again. */
export class CallEnds {
  readonly #parts: CallEndsParts;
  /** When the call that rang here until the line was lost began; the server offers it again if it can. */
  #lostRing: number | null = null;

  constructor(parts: CallEndsParts) {
    this.#parts = parts;
  }

  /** A call with `other` is over; `visit` if it was one to a mailbox. */
  over(call: ActiveCall, other: Party, visit: Visit | null): void {
    if (call.state.kind !== 'over') return;
    const { recents, notices, isKept, onNotReached } = this.#parts;
    const { ending } = call.state;
    const past = { direction: call.direction, answered: call.answered, ending };
    const kind = recentKindOf(past);
    if (kind !== null && isKept() && !call.isVoicemail)
      recents.add({ with: other, kind, at: call.startedAt });
    this.#lostRing = kind === 'missed' && ending === 'connection' ? call.startedAt : null;
    const notice = endingNotice(past, other, visit);
    if (notice !== null) notices.show(notice.text, notice.tone);
    if (kind === 'not-reached') onNotReached(call.number);
  }

  /** A call from `number` rings: if it is the one that was lost with the line, that one was not missed. */
  offered(number: string): void {
    const [last] = this.#parts.recents.list;
    if (last?.at === this.#lostRing && last.with.number === number) this.#parts.recents.takeBack(last);
    this.#lostRing = null;
  }
}
