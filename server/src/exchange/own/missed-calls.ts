import { type CallRecord, type ExtensionId, MOST_MISSED } from '@perch/shared';
import { Turns } from '../../collections/turns.ts';
import type { Clock } from '../ports.ts';
import type { OwnStore } from './ports.ts';

const DAY_MS = 24 * 60 * 60_000;
/** No call lasts longer, its message included: what began earlier was over when it was looked at (milliseconds). */
const LONGEST_CALL_MS = DAY_MS;
/** What was missed longer ago is in the history, and nobody has to be told of it any more (milliseconds). */
const NEWS_MS = 30 * DAY_MS;

export interface MissedCallsWorld {
  readonly store: Pick<OwnStore, 'unreturned'>;
  readonly clock: Clock;
  /** Missed calls of that extension that were over by then have been looked at. */
  seenUntil(extension: ExtensionId): number;
  changed(extension: ExtensionId): void;
  failed(error: unknown): void;
}

interface Missed {
  readonly other: string | null;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** What is known of one extension that is followed. */
interface Known {
  /** By the id of their call, the earliest first. */
  readonly calls: Map<string, Missed>;
  /** The call that was recorded last. */
  latest: string | null;
  /** Those that were recorded while earlier ones are being looked up; `null` when none are. */
  waiting: CallRecord[] | null;
}

/**
 * The calls that extensions have missed and nobody has looked at or returned since: of those extensions only that are asked about. What was recorded
 * before comes from the archive, everything later from the records as they are written.
 */
export class MissedCalls {
  readonly #world: MissedCallsWorld;
  readonly #known = new Map<ExtensionId, Known>();
  /** One look-up after the other: all pages come back at once after a restart. */
  readonly #turns = new Turns();

  constructor(world: MissedCallsWorld) {
    this.#world = world;
  }

  /** How many there are as far as is known; what is not known is being looked up. */
  of(extension: ExtensionId): { readonly missed: number; readonly latest: string | null } {
    let known = this.#known.get(extension);
    if (known === undefined) {
      known = { calls: new Map(), latest: null, waiting: null };
      this.#known.set(extension, known);
      this.#lookUp(extension, known);
    }
    return { missed: Math.min(known.calls.size, MOST_MISSED), latest: known.latest };
  }

  /** Nobody asks about it any more. */
  forget(extension: ExtensionId): void {
    this.#known.delete(extension);
  }

  /** A call is over (hot path: once a call). */
  recorded(record: CallRecord): void {
    if (this.#known.size === 0) return;
    for (const part of record.parts) {
      const extension = part.extension as ExtensionId;
      const known = this.#known.get(extension);
      if (known === undefined) continue;
      known.latest = record.id;
      if (known.waiting !== null) known.waiting.push(record);
      // What was missed may have been returned while a message was being left: the archive knows.
      else if (part.result === 'missed' && record.mailbox !== null) this.#lookUp(extension, known);
      else note(known, extension, record);
      this.#world.changed(extension);
    }
  }

  /** What of it has been looked at is different. */
  seen(extension: ExtensionId): void {
    const known = this.#known.get(extension);
    if (known === undefined) return;
    const until = this.#world.seenUntil(extension);
    for (const [id, { endedAt }] of known.calls) if (endedAt <= until) known.calls.delete(id);
    this.#world.changed(extension);
  }

  #lookUp(extension: ExtensionId, known: Known): void {
    known.waiting = [];
    void this.#turns.take(async () => {
      // Nobody asks any more.
      if (this.#known.get(extension) === known) await this.#take(extension, known);
    });
  }

  async #take(extension: ExtensionId, known: Known): Promise<void> {
    const world = this.#world;
    try {
      const after = Math.max(world.seenUntil(extension), world.clock.now() - NEWS_MS) - LONGEST_CALL_MS;
      const found = await world.store.unreturned(extension, after, MOST_MISSED);
      const until = world.seenUntil(extension);
      known.calls.clear();
      for (const record of found.toReversed()) if (record.endedAt > until) note(known, extension, record);
    } catch (error) {
      world.failed(error);
    }
    const waiting = known.waiting ?? [];
    known.waiting = null;
    for (const record of waiting) note(known, extension, record);
    if (this.#known.get(extension) === known) world.changed(extension);
  }
}

/** Two who have talked have returned to each other whatever they had missed before; from whom one of them had withheld their number, nothing tells who that was. */
function note({ calls }: Known, extension: ExtensionId, { id, startedAt, endedAt, parts }: CallRecord): void {
  const knowsOther = parts.some((part) => part.extension === extension && part.other !== null);
  for (const part of parts) {
    const isOwn = part.extension === extension;
    const other = isOwn ? part.other : part.other === extension && knowsOther ? part.extension : null;
    if (isOwn && part.result === 'missed') {
      calls.set(id, { other: part.other, startedAt, endedAt });
      const [oldest] = calls.keys();
      if (calls.size > MOST_MISSED && oldest !== undefined) calls.delete(oldest);
    }
    if (other === null || part.talkMs === 0) continue;
    for (const [missed, call] of calls)
      if (call.other === other && call.startedAt < startedAt) calls.delete(missed);
  }
}
