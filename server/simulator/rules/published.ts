import type { ExtensionId, TerminalView } from '@perch/shared';
import type { Whereabouts } from './whereabouts.ts';

/** Who is at a terminal, and where its owner is, in words that can be compared. */
interface Shown {
  readonly occupancy: string;
  readonly whereabouts: string;
}

/** As a page is told. */
export function shownIn({ occupancy, whereabouts }: Pick<TerminalView, 'occupancy' | 'whereabouts'>): Shown {
  return {
    occupancy: occupancy.kind === 'guest' ? `guest ${occupancy.guest.number}` : occupancy.kind,
    whereabouts: whereabouts.kind === 'away' ? `away ${whereabouts.base.number}` : whereabouts.kind,
  };
}

/** As it is on the disk. */
export function storedFor(
  owner: ExtensionId,
  stored: Whereabouts,
  numberOf: (extension: ExtensionId) => string | undefined,
): Shown {
  const guest = stored.guestOf(owner);
  const base = stored.baseOf(owner);
  const alone = base === undefined ? 'owner' : 'locked';
  const still = guest === undefined ? 'home' : 'homeless';
  return {
    occupancy: guest === undefined ? alone : `guest ${String(numberOf(guest))}`,
    whereabouts: base === undefined ? still : `away ${String(numberOf(base))}`,
  };
}
