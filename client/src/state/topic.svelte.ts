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

  /** In the order of their numbers. Those of earlier, while nothing shows them. */
  get lines(): readonly Line[] {
    return this.#list.lines;
  }

  /** Up to where it is known; `undefined` while nothing is. */
  get bookmark(): Bookmark | undefined {
    return this.#list.bookmark;
  }

  get isShown(): boolean {
    return this.#shownBy > 0;
  }

  /** For an effect: something shows it, until the result is called. */
  show(): () => void {
    untrack(() => this.#shownBy++);
    return () => void this.#shownBy--;
  }

  /** `false` where something before it is missing, so that the list must be asked for anew. */
  hear(event: TopicEvent): boolean {
    const list = told(this.#list, event, (line) => this.#line.safeParse(line).data);
    if (list !== undefined) this.#list = list;
    return list !== undefined;
  }

  /** Nobody is here who may see it. */
  forget(): void {
    this.#list = NOTHING_KNOWN;
  }
}
