import type { PageCondition, PageReport, TerminalId } from '@perch/shared';
import type { Clock, Directory } from '../ports.ts';
import type { Happened } from '../happenings.ts';

interface ReportedRooms {
  readonly directory: Pick<Directory, 'ownerOf'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly happened: Happened;
}

/**
 * In which state the page of each terminal is, as it says itself, and since when a terminal is no longer connected. In memory: pages report
 * again when the server was started.
 */
export class PageConditions {
  readonly #rooms: ReportedRooms;
  readonly #last = new Map<TerminalId, PageCondition>();
  readonly #lostAt = new Map<TerminalId, number>();

  constructor(rooms: ReportedRooms) {
    this.#rooms = rooms;
  }

  /** `browser`: the User-Agent that came with the report. */
  reported(
    terminal: TerminalId,
    { microphone, clockAhead, version }: PageReport,
    browser: string | null,
  ): void {
    const { directory, clock, happened } = this.#rooms;
    if (directory.ownerOf(terminal) === undefined) return;
    this.#last.set(terminal, { at: clock.now(), microphone, clockAhead, version, browser });
    happened({ kind: 'terminal-reported', terminal });
  }

  /** A phone is connected there. */
  connected(terminal: TerminalId): void {
    this.#lostAt.delete(terminal);
  }

  /** None is, for all that is known; where that was so before, since then. */
  lost(terminal: TerminalId): void {
    if (!this.#lostAt.has(terminal)) this.#lostAt.set(terminal, this.#rooms.clock.now());
  }

  of(terminal: TerminalId): PageCondition | null {
    return this.#last.get(terminal) ?? null;
  }

  lostAt(terminal: TerminalId): number | null {
    return this.#lostAt.get(terminal) ?? null;
  }
}
