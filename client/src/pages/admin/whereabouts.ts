import type { Occupancy, Whereabouts } from '@perch/shared';
import { m } from '../../paraglide/messages.js';
import { nameOf } from '../../state/sentences.ts';

/** What is known of a terminal and its owner, on every page of management. */
export interface Seen {
  readonly kind: 'person' | 'phone' | 'station';
  readonly registered: boolean;
  /** It is connected, but no call can reach it: its page does not run. */
  readonly asleep: boolean;
  readonly suspended: boolean;
  readonly occupancy: Occupancy;
  readonly whereabouts: Whereabouts;
}

/** One state, in the same word and colour wherever it is shown. */
export interface Shown {
  readonly word: string;
  readonly tone: 'plain' | 'go' | 'look' | 'stop';
}

/** Can the terminal be reached? An offline terminal is never shown like a free one. */
export function lineOf({
  registered,
  asleep,
  suspended,
}: Pick<Seen, 'registered' | 'asleep' | 'suspended'>): Shown {
  if (suspended) return { word: m.suspended(), tone: 'stop' };
  if (asleep) return { word: m.asleep(), tone: 'look' };
  return registered ? { word: m.connected(), tone: 'go' } : { word: m.not_connected(), tone: 'look' };
}

/** The state of a terminal: one that cannot be reached is shown as neither free nor occupied. */
export function stateOf(seen: Seen): Shown {
  if (seen.suspended || (seen.occupancy.kind === 'owner' && !seen.registered)) return lineOf(seen);
  if (seen.occupancy.kind === 'locked')
    return { word: seen.kind === 'station' ? m.locked_state() : m.away_state(), tone: 'plain' };
  return { word: seen.kind === 'station' ? m.free() : m.owner_present(), tone: 'plain' };
}

/** Where calls to an extension ring, in a few words. */
export function whereaboutsSentence({ whereabouts }: Pick<Seen, 'whereabouts'>): string {
  switch (whereabouts.kind) {
    case 'home':
      return m.at_home();
    case 'away':
      return m.on_base({ base: nameOf(whereabouts.base) });
    case 'homeless':
      return m.homeless({ guest: nameOf(whereabouts.guest) });
  }
}
