import { assertNever } from '@perch/shared';
import type { Ending } from './call.ts';

/** What a call that is over was, as the list of recent calls shows it. */
export type RecentKind = 'incoming' | 'outgoing' | 'missed' | 'declined' | 'elsewhere' | 'not-reached';

/** A call that is over. */
export interface PastCall {
  readonly direction: 'incoming' | 'outgoing';
  /** Did the two ever speak? */
  readonly answered: boolean;
  readonly ending: Ending;
}

/**
 * Missed is what rang here and was answered by nobody, here or elsewhere. `null` where there was nothing for this phone: a ring
 * that has followed its extension to another one.
 */
export function recentKindOf({ direction, answered, ending }: PastCall): RecentKind | null {
  if (answered) return direction;
  if (direction === 'outgoing') return ending === 'here' ? 'outgoing' : 'not-reached';
  switch (ending) {
    case 'here':
    case 'declined':
      return 'declined';
    case 'elsewhere':
      return 'elsewhere';
    case 'moved':
      return null;
    case 'there':
    case 'busy':
    case 'no-answer':
    case 'not-available':
    case 'no-such-number':
    case 'not-allowed':
    case 'connection':
    case 'failed':
    case 'lost':
    case 'reloaded':
      return 'missed';
    default:
      return assertNever(ending);
  }
}
