import type { NotedFault, PageFault, TerminalId } from '@perch/shared';
import type { Clock, Directory } from '../ports.ts';
import type { Happened } from '../happenings.ts';

interface FaultyRooms {
  readonly directory: Pick<Directory, 'byTerminal'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly happened: Happened;
}

/** How many are kept of each terminal. */
const MOST = 5;

/** What has failed in the pages of each terminal, as they say themselves. In memory: a start of the server forgets it. */
export class PageFaults {
  readonly #rooms: FaultyRooms;
  readonly #noted = new Map<TerminalId, readonly NotedFault[]>();

  constructor(rooms: FaultyRooms) {
    this.#rooms = rooms;
  }

  /** The same once more takes the place of the earlier one. */
  note(terminal: TerminalId, { part, error }: PageFault): void {
    const { directory, clock, happened } = this.#rooms;
    if (directory.byTerminal(terminal) === undefined) return;
    const others = this.of(terminal).filter((noted) => noted.part !== part || noted.error !== error);
    this.#noted.set(terminal, [{ at: clock.now(), part, error }, ...others].slice(0, MOST));
    happened({ kind: 'terminal-reported', terminal });
  }

  /** Its extension was deleted. */
  forget(terminal: TerminalId): void {
    this.#noted.delete(terminal);
  }

  /** The latest first. */
  of(terminal: TerminalId): readonly NotedFault[] {
    return this.#noted.get(terminal) ?? [];
  }
}
