import type { CheckResult, LastCheck, TerminalId } from '@perch/shared';
import type { Clock, Directory } from '../ports.ts';
import type { Happened } from '../happenings.ts';

interface CheckedRooms {
  readonly directory: Pick<Directory, 'byTerminal'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly happened: Happened;
}

/** What the last check before a shift has found, at each terminal. In memory: after a start of the server, phones are checked again. */
export class ShiftChecks {
  readonly #rooms: CheckedRooms;
  readonly #last = new Map<TerminalId, LastCheck>();

  constructor(rooms: CheckedRooms) {
    this.#rooms = rooms;
  }

  /** The page of a terminal has checked it. */
  checked(terminal: TerminalId, { verdict, parts }: CheckResult): void {
    const { directory, clock, happened } = this.#rooms;
    if (directory.byTerminal(terminal) === undefined) return;
    this.#last.set(terminal, { at: clock.now(), verdict, parts });
    happened({ kind: 'terminal-reported', terminal });
  }

  /** Its extension was deleted. */
  forget(terminal: TerminalId): void {
    this.#last.delete(terminal);
  }

  lastCheck(terminal: TerminalId): LastCheck | null {
    return this.#last.get(terminal) ?? null;
  }
}
