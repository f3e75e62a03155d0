import type { Bookmark, TopicEvent, TopicLine, TopicName } from '@perch/shared';
import type { Clock } from '../world/clock.ts';
import { TopicLog } from './topic-log.ts';

/**
 * Telling pages gives way to calls: after this long (milliseconds), the rest of the time is theirs until it has taken no more than
 * a fifth.
 */
const SLICE_MS = 5;
const PAUSE = 4;
/** How long a topic that no page follows is kept (milliseconds), so that pages that have lost the connection can resume where they were. */
const LINGER_MS = 60_000;

/** What a topic's list is made of, asked again at each change. */
export interface TopicSource<Line extends TopicLine> {
  readonly topic: TopicName;
  all(): Iterable<Line>;
  /** `undefined` where the list has no line with this number. */
  line(number: string): Line | undefined;
}

export interface TopicParts {
  readonly clock: Clock;
  /** Changes within this time reach a page as one (milliseconds). */
  readonly settleMs: number;
  /** A unique name for a log. */
  newEpoch(): string;
  /** Called when it is forgotten because no page has followed it for long enough. */
  ended?(): void;
}

export type TopicListener = (event: TopicEvent) => void;

interface Follower {
  readonly listener: TopicListener;
  known: Bookmark | undefined;
}

/**
 * A list and the pages that follow it. A change costs its line once and one message for each follower; without followers, next to
 * nothing. Followers that lag behind and pages that come back are served alike: with what they miss.
 */
export class Topic<Line extends TopicLine> {
  readonly #source: TopicSource<Line>;
  readonly #parts: TopicParts;
  readonly #followers = new Set<Follower>();
  #log: TopicLog<Line> | undefined;
  /** Numbers whose lines may have changed; every number, where it is not known whose. */
  #changed: Set<string> | 'all' = new Set();
  /** Followers still to be told in this round. */
  #untold: Follower[] = [];
  #stopSettling: (() => void) | undefined;
  #stopLingering: (() => void) | undefined;

  constructor(source: TopicSource<Line>, parts: TopicParts) {
    this.#source = source;
    this.#parts = parts;
  }

  /** Is there anything to be kept up to date? */
  get isOpen(): boolean {
    return this.#log !== undefined;
  }

  /** Tells at once what is missing after `known`, then every change; the result ends it. */
  follow(listener: TopicListener, known: Bookmark | undefined): () => void {
    this.#stopLingering?.();
    this.#stopLingering = undefined;
    this.#log ??= new TopicLog(
      { topic: this.#source.topic, epoch: this.#parts.newEpoch() },
      this.#source.all(),
    );
    if (this.#followers.size === 0) this.#takeOver(this.#log);
    const follower: Follower = { listener, known };
    this.#followers.add(follower);
    this.#tell(follower, this.#log);
    return () => {
      if (!this.#followers.delete(follower) || this.#followers.size > 0) return;
      this.#stopLingering = this.#parts.clock.after(LINGER_MS, this.#end);
    };
  }

  /** The lines of these numbers, or of any where none are given, may have changed. */
  changed(numbers: Iterable<string> | undefined): void {
    if (this.#log === undefined) return;
    if (numbers === undefined) this.#changed = 'all';
    else if (this.#changed !== 'all') for (const number of numbers) this.#changed.add(number);
    if (this.#followers.size > 0)
      this.#stopSettling ??= this.#parts.clock.after(this.#parts.settleMs, this.#round);
  }

  close(): void {
    this.#followers.clear();
    this.#stopLingering?.();
    this.#stopLingering = undefined;
    this.#end();
  }

  /** Tells followers until the slice is used up; then the next slice is due, or the next round if there is more to tell. */
  readonly #round = (): void => {
    this.#stopSettling = undefined;
    const { clock, settleMs } = this.#parts;
    const log = this.#log;
    if (log === undefined) return;
    const begun = clock.monotonic();
    let spent = 0;
    if (this.#untold.length === 0) {
      const { sequence } = log.bookmark;
      this.#takeOver(log);
      if (log.bookmark.sequence !== sequence) this.#untold = [...this.#followers];
    }
    while (spent < SLICE_MS) {
      const follower = this.#untold.pop();
      if (follower === undefined) break;
      if (this.#followers.has(follower)) this.#tell(follower, log);
      spent = clock.monotonic() - begun;
    }
    if (this.#untold.length === 0 && !this.#isStale) return;
    const settle = this.#untold.length === 0 ? settleMs : 0;
    this.#stopSettling = clock.after(Math.max(settle, spent * PAUSE), this.#round);
  };

  get #isStale(): boolean {
    return this.#changed === 'all' || this.#changed.size > 0;
  }

  #takeOver(log: TopicLog<Line>): void {
    const changed = this.#changed;
    this.#changed = new Set();
    const numbers =
      changed === 'all'
        ? new Set([...log.numbers(), ...Array.from(this.#source.all(), ({ number }) => number)])
        : changed;
    log.change(Array.from(numbers, (number) => [number, this.#source.line(number)]));
  }

  #tell(follower: Follower, log: TopicLog<Line>): void {
    const events = log.after(follower.known);
    follower.known = log.bookmark;
    for (const event of events) follower.listener(event);
  }

  readonly #end = (): void => {
    this.#stopSettling?.();
    this.#stopSettling = this.#stopLingering = this.#log = undefined;
    this.#changed = new Set();
    this.#untold = [];
    this.#parts.ended?.();
  };
}
