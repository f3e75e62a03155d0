import type { TopicEvent, TopicLine } from '@perch/shared';
import { Topic } from '../line/topic.svelte.ts';

/** A topic of one thing: its page says where that is out of reach, which looks as if there were none. */
export class ReachedTopic<Line extends TopicLine> extends Topic<Line> {
  #isWithheld = $state(false);

  /** The server has answered that there is nothing here for the person who asks. */
  get isMissing(): boolean {
    return this.#isWithheld || (this.bookmark !== undefined && this.lines.length === 0);
  }

  override hear(event: TopicEvent): boolean {
    this.#isWithheld = event.kind === 'withheld';
    return super.hear(event);
  }
}
