import { assertNever } from '@perch/shared';
import type { Ending } from './call.ts';

/** How the list of recent calls classifies a call that is over. */
export type RecentKind = 'incoming' | 'outgoing' | 'missed' | 'declined' | 'elsewhere' | 'not-reached';

/** A call that is over. */
export interface PastCall {
  readonly direction: 'incoming' | 'outgoing';
  /** Was it answered? */
  readonly answered: boolean;
  readonly ending: Ending;
}

/**
 * Missed: it rang here and was answered neither here nor elsewhere. `null` where it is not listed: a ring that has followed
 * its extension to another phone.
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
