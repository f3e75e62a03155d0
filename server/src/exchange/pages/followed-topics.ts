import type { Bookmark, PageRequest, TopicEvent, TopicLine, TopicName } from '@perch/shared';
import type { Topic } from '../../topics/topic.ts';

/** What one page may follow; asked at each subscription, and again whenever the answer may have changed. */
export interface TopicAccess {
  mayFollow(topic: TopicName): boolean;
  /** `undefined` where there is no such topic. */
  topic(name: TopicName): Topic<TopicLine> | undefined;
}

/** Of one page: more than any page shows. */
const MOST_TOPICS = 16;

/** The topics that one page has asked for. It is told of those that it may see, for as long as it may. */
export class FollowedTopics {
  readonly #access: TopicAccess;
  readonly #listener: (event: TopicEvent) => void;
  /** Ends the subscription; `undefined` while the topic is withheld. */
  readonly #followed = new Map<TopicName, (() => void) | undefined>();

  constructor(access: TopicAccess, listener: (event: TopicEvent) => void) {
    this.#access = access;
    this.#listener = listener;
  }

  request(request: PageRequest): void {
    if ('unsubscribe' in request) {
      this.#followed.get(request.unsubscribe)?.();
      this.#followed.delete(request.unsubscribe);
      return;
    }
    const { subscribe: topic, after } = request;
    this.#followed.get(topic)?.();
    if (this.#followed.size >= MOST_TOPICS && !this.#followed.has(topic)) this.#withhold(topic);
    else this.#follow(topic, after);
  }

  /** To be called when what this page is allowed to see may have changed. */
  review(): void {
    for (const [topic, stop] of this.#followed) {
      const may = this.#access.mayFollow(topic);
      if (may && stop === undefined) this.#follow(topic, undefined);
      if (may || stop === undefined) continue;
      stop();
      this.#followed.set(topic, undefined);
      this.#withhold(topic);
    }
  }

  close(): void {
    for (const stop of this.#followed.values()) stop?.();
    this.#followed.clear();
  }

  #follow(name: TopicName, after: Bookmark | undefined): void {
    const topic = this.#access.mayFollow(name) ? this.#access.topic(name) : undefined;
    this.#followed.set(name, topic?.follow(this.#listener, after));
    if (topic === undefined) this.#withhold(name);
  }

  #withhold(topic: TopicName): void {
    this.#listener({ kind: 'withheld', topic });
  }
}
