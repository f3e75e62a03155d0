import type { PageCondition, PageReport, TerminalId } from '@perch/shared';
import type { Clock, Directory } from '../ports.ts';
import type { Happened } from '../happenings.ts';

/** A clock that differs by less is not news (milliseconds). */
const CLOCK_MS = 1_000;

interface ReportedRooms {
  readonly directory: Pick<Directory, 'byTerminal'>;
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

  /**
   * What says nothing new changes nothing.
   * @param browser the User-Agent that came with the report.
   */
  reported(
    terminal: TerminalId,
    { microphone, clockAhead, version }: PageReport,
    browser: string | null,
  ): void {
    const { directory, clock, happened } = this.#rooms;
    if (directory.byTerminal(terminal) === undefined) return;
    const condition = { at: clock.now(), microphone, clockAhead, version, browser };
    if (isSame(this.of(terminal), condition)) return;
    this.#last.set(terminal, condition);
    happened({ kind: 'terminal-reported', terminal });
  }

  /** A phone is connected there. */
  connected(terminal: TerminalId): void {
    this.#lostAt.delete(terminal);
  }

  /** None is, for all that is known; where that was so before, since then. */
  lost(terminal: TerminalId): void {
    const { directory, clock } = this.#rooms;
    if (directory.byTerminal(terminal) === undefined) return;
    if (!this.#lostAt.has(terminal)) this.#lostAt.set(terminal, clock.now());
  }

  /** Its extension was deleted. */
  forget(terminal: TerminalId): void {
    this.#last.delete(terminal);
    this.#lostAt.delete(terminal);
  }

  of(terminal: TerminalId): PageCondition | null {
    return this.#last.get(terminal) ?? null;
  }

  lostAt(terminal: TerminalId): number | null {
    return this.#lostAt.get(terminal) ?? null;
  }
}

const isSame = (before: PageCondition | null, now: PageCondition): boolean =>
  before?.microphone === now.microphone &&
  before.version === now.version &&
  before.browser === now.browser &&
  Math.abs(before.clockAhead - now.clockAhead) < CLOCK_MS;
