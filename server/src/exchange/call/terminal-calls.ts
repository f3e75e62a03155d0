import type { CallView, ExtensionId, TerminalId } from '@perch/shared';
import type { Happened } from '../happenings.ts';
import type { Call } from './call.ts';
import type { Conferences } from './joining/conferences.ts';
import type { Parking } from './joining/parking.ts';
import type { Placements } from './placements.ts';
import { type End, isPerson } from './ports.ts';
import type { World } from './ringing/destination.ts';
import { viewFrom } from './views.ts';

interface TerminalCallsParts {
  readonly world: Pick<World, 'directory' | 'whereabouts'>;
  readonly placements: Pick<Placements, 'at' | 'elsewhere' | 'isBusy'>;
  readonly conferences: Pick<Conferences, 'seenFrom'>;
  readonly parking: Pick<Parking, 'by' | 'isEmpty'>;
  readonly happened: Happened;
}

/** The calls that a terminal's pages show: its own, those that its extension has parked, and those that it has elsewhere; and when they have changed. */
export class TerminalCalls {
  readonly #parts: TerminalCallsParts;

  constructor(parts: TerminalCallsParts) {
    this.#parts = parts;
  }

  at(terminal: TerminalId): readonly CallView[] {
    const { world, placements, parking } = this.#parts;
    const speaker = world.whereabouts.speaksFor(terminal);
    const placed = placements.at(terminal);
    const here = placed.flatMap(
      (call) => (call.farEnd === 'service' ? call.view : this.#viewFrom(terminal, call, speaker)) ?? [],
    );
    if (speaker === undefined) return [...here, ...this.#ofOwnerAway(terminal)];
    const parked = parking.by(speaker).filter((call) => !placed.includes(call));
    const elsewhere = placements.elsewhere(speaker, terminal);
    return [
      ...here,
      ...parked.flatMap((call) => this.#viewFrom(terminal, call, speaker) ?? []),
      ...elsewhere.flatMap(([call, there]) => this.#seenElsewhere(call, there)),
    ];
  }

  /** These extensions speak at other terminals now, perhaps at these: what they have elsewhere is seen there. */
  moved(extensions: Iterable<ExtensionId>, terminals: Iterable<TerminalId>): void {
    const { placements, parking, happened } = this.#parts;
    // The calls that an extension has parked are seen where it speaks.
    if (parking.isEmpty && ![...extensions].some((extension) => placements.isBusy(extension))) return;
    for (const terminal of terminals) happened({ kind: 'calls-changed', terminal });
  }

  /** A call looks different: its people see it also where they are now, if that is not at one of its terminals. */
  changed({ caller, callee }: Pick<Call, 'caller' | 'callee'>): void {
    this.#tellMoved(caller);
    this.#tellMoved(callee);
  }

  /** A person who has moved sees their call, and one that they have parked, where they are now; and their own phone says that it goes on there. */
  #tellMoved(end: End): void {
    const person = isPerson(end) ? end : end.parked?.by;
    if (person === undefined) return;
    const { world, happened } = this.#parts;
    const { directory, whereabouts } = world;
    const [now, home] = [whereabouts.terminalOf(person.extension), directory.homeOf(person.extension)];
    if (now !== undefined && now !== person.terminal) happened({ kind: 'calls-changed', terminal: now });
    if (home !== undefined && home !== now && home !== person.terminal)
      happened({ kind: 'calls-changed', terminal: home });
  }

  #viewFrom(terminal: TerminalId, call: Call, speaker?: ExtensionId): CallView | undefined {
    return viewFrom(terminal, call, this.#parts.conferences.seenFrom(call.id), speaker);
  }

  /** What the owner of a locked phone speaks in where they are now: their phone says that it goes on there. */
  #ofOwnerAway(terminal: TerminalId): readonly CallView[] {
    const { placements, world } = this.#parts;
    const { directory, whereabouts } = world;
    const owner = directory.ownerOf(terminal);
    if (owner === undefined) return [];
    const now = whereabouts.terminalOf(owner);
    return placements.elsewhere(owner, terminal).flatMap(([call, there]) => {
      const view = there === now ? this.#viewFrom(there, call) : undefined;
      return view === undefined ? [] : [{ ...view, here: 'left', parked: null } as const];
    });
  }

  #seenElsewhere(call: Call, terminal: TerminalId): readonly CallView[] {
    const view = this.#viewFrom(terminal, call);
    return view === undefined ? [] : [{ ...view, here: 'elsewhere' }];
  }
}
