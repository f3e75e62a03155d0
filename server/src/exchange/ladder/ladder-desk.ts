import {
  callId,
  type CallId,
  type ExtensionId,
  type Ladder,
  type LadderLine,
  type LadderList,
} from '@perch/shared';
import type { UserAgent } from '../../sip/user-agent/user-agent.ts';
import type { Directory, Extension } from '../ports.ts';
import type { Ladders } from './ladders.ts';
import type { KeptLeg } from './leg.ts';
import { digitsOf, ladderOf, lineOf, type Shown } from './rendering.ts';

/** Ladders in a list at most. */
const MOST_LISTED = 200;
const ALONE = /^leg-(\d{1,15})$/;

interface LadderDeskWorld {
  readonly ladders: Ladders;
  readonly directory: Pick<Directory, 'byId' | 'byNumber'>;
  readonly userAgent: Pick<UserAgent, 'callIds'>;
}

/** Shows the SIP messages of calls to those who may see them. Nobody sees a number that was withheld from their own extension. */
export class LadderDesk {
  readonly #world: LadderDeskWorld;

  constructor(world: LadderDeskWorld) {
    this.#world = world;
  }

  /**
   * `reader`: the extension of the person who looks. `null` where nothing is kept of such a call, or no longer; `left-out` where nothing ever was, since too many
   * began at once.
   */
  ladder(id: string, reader: ExtensionId | null): Ladder | 'withheld' | 'left-out' | null {
    const number = ALONE.exec(id)?.[1];
    const legs = this.#legsOf(number === undefined ? callId(id) : Number(number));
    if (legs.length === 0) return this.#world.ladders.isLeftOut(callId(id)) ? 'left-out' : null;
    return this.#isHidden(legs, reader) ? 'withheld' : ladderOf(id, legs, this.#shown());
  }

  /** The latest first; `number`: only those with which an extension had to do. */
  list(reader: ExtensionId | null, number?: string): LadderList {
    const shown = this.#shown();
    const lines: LadderLine[] = [];
    for (const found of this.#world.ladders.latest()) {
      const legs = this.#legsOf(found);
      if (legs.length === 0 || this.#isHidden(legs, reader)) continue;
      if (number !== undefined && !legs.some((leg) => hasToDo(leg, number))) continue;
      lines.push(lineOf(typeof found === 'number' ? `leg-${String(found)}` : found, legs, shown));
      if (lines.length === MOST_LISTED) break;
    }
    return { ladders: lines, leftOut: this.#world.ladders.leftOut() };
  }

  /** If the extension was deleted, nothing is kept of its calls, nor of those to what is nobody's number now. */
  extensionChanged(id: ExtensionId): void {
    const { directory, ladders } = this.#world;
    if (directory.byId(id) !== undefined) return;
    ladders.forget(
      (leg) =>
        leg.extension?.id === id || leg.owner?.id === id || directory.byNumber(digitsOf(leg)) === undefined,
    );
  }

  #legsOf(found: CallId | number): readonly KeptLeg[] {
    const { ladders } = this.#world;
    if (typeof found !== 'number') return ladders.of(found);
    const alone = ladders.alone(found);
    return alone === undefined ? [] : [alone];
  }

  #isHidden(legs: readonly KeptLeg[], reader: ExtensionId | null): boolean {
    const isReader = (extension: Extension | undefined): boolean => extension?.id === reader;
    if (reader === null || !legs.some((leg) => leg.isWithheld && !isReader(leg.extension))) return false;
    const number = this.#world.directory.byId(reader)?.number;
    return legs.some((leg) => isReader(leg.extension) || digitsOf(leg) === number);
  }

  #shown(): Shown {
    const { directory, userAgent } = this.#world;
    const live = userAgent.callIds();
    return {
      isExtension: (number) => directory.byNumber(number) !== undefined,
      isLive: (id) => live.has(id),
    };
  }
}

const hasToDo = (leg: KeptLeg, number: string): boolean =>
  [leg.extension?.number, leg.owner?.number, digitsOf(leg)].includes(number);
