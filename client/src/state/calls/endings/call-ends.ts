import type { CallId, Party } from '@perch/shared';
import { m } from '../../../paraglide/messages.js';
import { recentKindOf } from '../../../phone/calls/recent-kind.ts';
import type { ActiveCall } from '../active-call.svelte.ts';
import type { Notices } from '../../page/notices.svelte.ts';
import type { Recents } from '../parties/recents.svelte.ts';
import { endingNotice, nameOf } from '../../sentences.ts';

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

  constructor(parts: CallEndsParts) {
    this.#parts = parts;
  }

  /** A call with `other` is over. */
  over(call: ActiveCall, other: Party): void {
    if (call.state.kind !== 'over') return;
    const { recents, notices, isKept, onNotReached } = this.#parts;
    const { ending } = call.state;
    if (call.waiting !== null && !call.answered && ending !== 'here') {
      notices.show(m.pick_up_failed({ who: nameOf(call.waiting) }), 'bad');
      return;
    }
    const past = { direction: call.direction, answered: call.answered, ending };
    const kind = recentKindOf(past);
    if (kind !== null && isKept() && !call.isVoicemail)
      recents.add({ call: call.id, with: other, kind, at: call.startedAt });
    const notice = endingNotice(past, other, call.dialogue.mailbox);
    if (notice !== null) notices.show(notice.text, notice.tone);
    if (kind === 'not-reached') onNotReached(call.number);
  }

  /** This call rings, perhaps once more: then the ring that was lost with the line has not been missed. */
  offered(call: CallId | null): void {
    if (call !== null) this.#parts.recents.takeBack(call);
  }
}
