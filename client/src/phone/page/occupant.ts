import type { Party, TerminalView } from '@perch/shared';

/** Who a terminal is for right now: its guest, or the owner of a personal phone; `null` on a free station. */
export function speakerAt(view: TerminalView | null): Party | null {
  if (view?.occupancy.kind === 'guest') return view.occupancy.guest;
  return ownerAt(view);
}

/** The owner of a personal phone who is at home; `null` on a station, with a guest, or on a locked phone. */
export function ownerAt(view: TerminalView | null): Party | null {
  return view?.kind === 'phone' && view.occupancy.kind === 'owner' ? view.owner : null;
}

/** When the stay of the guest there began, by the server's clock; `null` without one. */
export function stayAt(view: TerminalView | null): number | null {
  return view?.occupancy.kind === 'guest' ? view.occupancy.since : null;
}

/** Identifies the session of the person at the terminal, or that there is none. `null` until the server has said. */
export function sessionAt(view: TerminalView | null): string | null {
  if (view === null) return null;
  const { occupancy } = view;
  return `${occupancy.kind} ${occupancy.kind === 'guest' ? occupancy.guest.number : ''}`;
}
