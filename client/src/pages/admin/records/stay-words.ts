import type { DeskStay } from '@perch/shared';
import { limitInWords } from '../../../state/sentences.ts';
import { m } from '../../../words/messages.svelte.ts';

/** How a stay at a desk ended, and who did it, in a sentence; `null` as long as it goes on. */
export function endInWords({ endedBy, ender }: DeskStay): string | null {
  const who = ender ?? m.somebody();
  switch (endedBy) {
    case null:
      return null;
    case 'moved-on':
      return m.stay_moved_on();
    case 'replaced':
      return m.stay_replaced({ who });
    case 'claimed':
      return m.stay_claimed({ who });
    case 'returned':
      return ender === null ? m.stay_returned() : m.stay_ended_by({ who });
    case 'suspended':
      return m.stay_suspended({ who });
    case 'deleted':
      return m.stay_deleted({ who });
    case 'disallowed':
      return m.stay_disallowed({ who });
    case 'undone':
      return m.stay_undone();
    case 'longest':
    case 'time-of-day':
    case 'idle':
      return m.stay_ended_by_limit({ limit: limitInWords(endedBy) });
  }
}

/** How a stay began. */
export function beginningInWords({ way }: Pick<DeskStay, 'way'>): string {
  switch (way) {
    case 'dialled':
      return m.stay_dialled();
    case 'web':
      return m.stay_web();
    case 'administrator':
      return m.stay_administrator();
    case 'limit':
      return m.stay_limit();
  }
}
