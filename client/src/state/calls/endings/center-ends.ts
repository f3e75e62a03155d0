import { FEATURE_CODES } from '@perch/shared';
import { succeeded } from '../../../phone/calls/center-dialogue.ts';
import { m } from '../../../words/messages.svelte.ts';
import type { ActiveCall } from '../active-call.svelte.ts';
import type { Notices } from '../../page/notices.svelte.ts';
import { after } from '../../../world/timers.ts';

/** How long after a new registration the server may take to say who is here (milliseconds). */
const TOLD_MS = 1_500;

export interface CenterEndsParts {
  readonly notices: Pick<Notices, 'show'>;
  /** Identifies the session of the person at this terminal. */
  readonly session: () => string | null;
}

/** What happens when a call to the Virtualization Center is over: its last sentence stays where it did not do what was asked. */
export class CenterEnds {
  readonly #parts: CenterEndsParts;

  constructor(parts: CenterEndsParts) {
    this.#parts = parts;
  }

  over({ dialogue, state, begunIn }: ActiveCall): void {
    const { notices, session } = this.#parts;
    if (dialogue.center === null) return;
    const { outcome, text } = dialogue.center;
    if (outcome !== null) {
      const { center } = FEATURE_CODES;
      if (!succeeded(outcome))
        notices.show(outcome === 'refused' ? m.center_refused({ center }) : text, 'bad');
    } else if (state.kind === 'over' && state.ending === 'connection') {
      // Only once the server, back again, had time to say who is here.
      after(TOLD_MS, () => {
        if (session() === begunIn) notices.show(m.center_lost(), 'bad');
      });
    }
  }
}
