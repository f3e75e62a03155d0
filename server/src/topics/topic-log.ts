import { isDeepStrictEqual } from 'node:util';
import type { Bookmark, Delta, Snapshot, TopicLine, TopicName } from '@perch/shared';

/** Which topic, and a name for this log of it that no other log has. */
interface TopicIdentity {
  readonly topic: TopicName;
  readonly epoch: string;
}

/**
 * A topic's list, by the numbers of its lines, and its recent changes: enough to bring a page that knows an earlier state up to
 * date. It knows no time and no sockets, and is changed in place: a change must not cost as much as the list.
 */
export class TopicLog<Line extends TopicLine> {
  readonly #identity: TopicIdentity;
  readonly #lines: Map<string, Line>;
  /** The latest deltas, without a gap. Together they have no more lines than the list: with more, a snapshot is shorter. */
  readonly #deltas: Delta[] = [];
  #weight = 0;
  #sequence = 0;
  /** Made when it is asked for, and valid until the next change. */
  #snapshot: Snapshot | undefined;

  constructor(identity: TopicIdentity, lines: Iterable<Line>) {
    this.#identity = identity;
    this.#lines = new Map();
    for (const line of lines) this.#lines.set(line.number, line);
  }

  get bookmark(): Bookmark {
    return { epoch: this.#identity.epoch, sequence: this.#sequence };
  }

  /** The numbers of all lines. */
  numbers(): Iterable<string> {
    return this.#lines.keys();
  }

  /** Sets the current lines of these numbers, `undefined` for no line. Unchanged lines have no effect. */
  change(lines: Iterable<readonly [number: string, line: Line | undefined]>): void {
    const gone: string[] = [];
    const changed: Line[] = [];
    for (const [number, line] of lines) {
      if (isDeepStrictEqual(this.#lines.get(number), line)) continue;
      if (line === undefined) {
        this.#lines.delete(number);
        gone.push(number);
      } else {
        this.#lines.set(number, line);
        changed.push(line);
      }
    }
    if (gone.length + changed.length === 0) return;
    const { topic } = this.#identity;
    this.#snapshot = undefined;
    this.#keep({ kind: 'delta', topic, sequence: ++this.#sequence, gone, lines: changed });
  }

  /** What brings a page from its bookmark to this list: nothing, deltas, or a snapshot. Everyone gets the same objects. */
  after(known: Bookmark | undefined): readonly (Delta | Snapshot)[] {
    const missed = known?.epoch === this.#identity.epoch ? this.#sequence - known.sequence : Infinity;
    if (missed === 0) return [];
    if (missed > 0 && missed <= this.#deltas.length) return this.#deltas.slice(-missed);
    this.#snapshot ??= {
      kind: 'snapshot',
      ...this.#identity,
      sequence: this.#sequence,
      lines: [...this.#lines.values()],
    };
    return [this.#snapshot];
  }

  #keep(delta: Delta): void {
    this.#deltas.push(delta);
    this.#weight += weightOf(delta);
    while (this.#weight > Math.max(this.#lines.size, 1)) {
      const oldest = this.#deltas.shift();
      if (oldest === undefined) break;
      this.#weight -= weightOf(oldest);
    }
  }
}

const weightOf = ({ gone, lines }: Delta): number => gone.length + lines.length;
