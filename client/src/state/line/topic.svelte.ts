import {
  type Bookmark,
  NOTHING_KNOWN,
  told,
  type TopicEvent,
  type TopicLine,
  type TopicList,
  type TopicName,
} from '@perch/shared';
import { untrack } from 'svelte';
import type * as z from 'zod/mini';

/** A list that the server keeps up to date while something on this page shows it. */
export class Topic<Line extends TopicLine> {
  readonly name: TopicName;
  readonly #line: z.ZodMiniType<Line>;
  #list: TopicList<Line> = $state.raw(NOTHING_KNOWN);
  #shownBy = $state(0);

  constructor(name: TopicName, line: z.ZodMiniType<Line>) {
    this.name = name;
    this.#line = line;
  }

  /** In the order of their numbers; not updated while nothing shows them. */
  get lines(): readonly Line[] {
    return this.#list.lines;
  }

  /** The position up to which it is known; `undefined` at first. */
  get bookmark(): Bookmark | undefined {
    return this.#list.bookmark;
  }

  get isShown(): boolean {
    return this.#shownBy > 0;
  }

  /** For an effect: something shows it, until the returned function is called. */
  show(): () => void {
    untrack(() => this.#shownBy++);
    return () => {
      this.#shownBy--;
    };
  }

  /** `false` where something before it is missing, so that the list must be asked for anew. */
  hear(event: TopicEvent): boolean {
    const list = told(this.#list, event, (line) => this.#line.safeParse(line).data);
    if (list !== undefined) this.#list = list;
    return list !== undefined;
  }

  /** The person here may not see it, or there is none. */
  forget(): void {
    this.#list = NOTHING_KNOWN;
  }
}
