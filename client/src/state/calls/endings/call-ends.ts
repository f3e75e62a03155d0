import type { CallId, Party } from '@perch/shared';
import { m } from '../../../words/messages.svelte.ts';
import { recentKindOf } from '../../../phone/calls/recent-kind.ts';
import type { Ending } from '../../../phone/calls/call.ts';
import type { ActiveCall } from '../active-call.svelte.ts';
import type { Notices } from '../../page/notices.svelte.ts';
import { endingNotice, nameOf } from '../../sentences.ts';

export interface CallEndsParts {
  readonly notices: Pick<Notices, 'show'>;
  /** Another phone of the extension has taken the call, or declined it. */
  readonly onElsewhere: (call: CallId) => void;
  /** The call did not reach anyone: the number can be corrected, or called again. */
  readonly onNotReached: (number: string) => void;
}

/** What happens when a call is over: a sentence says how it ended, and its number can be tried again. */
export class CallEnds {
  readonly #parts: CallEndsParts;

  constructor(parts: CallEndsParts) {
    this.#parts = parts;
  }

  /** A call with `other` is over. */
  over(call: ActiveCall, other: Party): void {
    if (call.state.kind !== 'over') return;
    const { notices, onElsewhere, onNotReached } = this.#parts;
    const { ending } = call.state;
    if (call.waiting !== null && !call.answered && ending !== 'here') {
      notices.show(m.pick_up_failed({ who: nameOf(call.waiting) }), 'bad');
      return;
    }
    const past = { direction: call.direction, answered: call.answered, ending };
    if (call.id !== null && !call.answered && isElsewhere(ending)) onElsewhere(call.id);
    const notice = endingNotice(past, other, call.dialogue.mailbox);
    if (notice !== null) notices.show(notice.text, notice.tone);
    if (recentKindOf(past) === 'not-reached') onNotReached(call.number);
  }
}

const isElsewhere = (ending: Ending): boolean => ending === 'elsewhere' || ending === 'declined';
