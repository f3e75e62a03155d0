import type { Party, TerminalView } from '@perch/shared';

/** Whom a terminal is for right now: its guest, or the owner of a personal phone. Nobody on a free station. */
export function speakerAt(view: TerminalView | null): Party | null {
  if (view?.occupancy.kind === 'guest') return view.occupancy.guest;
  return ownerAt(view);
}

/** The owner of a personal phone who has it; `null` on a station, and with a guest or nobody. */
export function ownerAt(view: TerminalView | null): Party | null {
  return view?.kind === 'phone' && view.occupancy.kind === 'owner' ? view.owner : null;
}

/** When the stay of the guest there began, by the server's clock; `null` without one. */
export function stayAt(view: TerminalView | null): number | null {
  return view?.occupancy.kind === 'guest' ? view.occupancy.since : null;
}

/** Who is at the terminal, or that nobody is: another text is another session. `null` until the server has told. */
export function sessionAt(view: TerminalView | null): string | null {
  if (view === null) return null;
  const { occupancy } = view;
  return `${occupancy.kind} ${occupancy.kind === 'guest' ? occupancy.guest.number : ''}`;
}
