import type { FloorLine, Occupancy, Whereabouts } from '@perch/shared';
import { m } from '../../words/messages.svelte.ts';
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
  readonly call: FloorLine['call'];
}

/** One state, in the same word and colour wherever it is shown. */
export interface Shown {
  readonly word: string;
  /** `busy`: somebody is using it, which is neither good nor bad. */
  readonly tone: 'plain' | 'go' | 'busy' | 'look' | 'stop';
}

/** Can the terminal be reached? An offline terminal is never shown like a free one. */
export function lineOf({
  registered,
  asleep,
  suspended,
}: Pick<Seen, 'registered' | 'asleep' | 'suspended'>): Shown & { readonly tone: 'go' | 'look' | 'stop' } {
  if (suspended) return { word: m.suspended(), tone: 'stop' };
  if (asleep) return { word: m.asleep(), tone: 'look' };
  return registered ? { word: m.connected(), tone: 'go' } : { word: m.not_connected(), tone: 'look' };
}

/** The state of a terminal: one that cannot be reached is shown as neither free nor occupied. */
export function stateOf(seen: Seen): Shown {
  const { kind, occupancy, call, suspended, registered } = seen;
  const isStation = kind === 'station';
  if (suspended || (!registered && occupancy.kind !== 'locked')) return lineOf(seen);
  if (call?.state === 'talking') return { word: m.in_a_call(), tone: 'busy' };
  if (call?.state === 'ringing') return { word: m.ringing(), tone: 'look' };
  switch (occupancy.kind) {
    case 'guest':
      return { word: m.taken(), tone: 'busy' };
    case 'locked':
      return { word: isStation ? m.locked_state() : m.away_state(), tone: 'plain' };
    case 'owner':
      return isStation ? { word: m.free(), tone: 'go' } : { word: m.owner_present(), tone: 'plain' };
  }
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
