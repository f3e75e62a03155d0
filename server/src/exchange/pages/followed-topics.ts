import type { Bookmark, PageRequest, TopicEvent, TopicLine, TopicName } from '@perch/shared';
import type { Topic } from '../../topics/topic.ts';

/** What one page may follow; asked at each subscription, and again whenever the answer may have changed. */
export interface TopicAccess {
  mayFollow(topic: TopicName): boolean;
  /** `undefined` where there is no such topic. Another one than before where another person's is meant. */
  topic(name: TopicName): Topic<TopicLine> | undefined;
}

interface Followed {
  readonly topic: Topic<TopicLine>;
  readonly stop: () => void;
}

/** Of one page: more than any page shows. */
const MOST_TOPICS = 16;

/** The topics that one page has asked for. It is told of those that it may see, for as long as it may. */
export class FollowedTopics {
  readonly #access: TopicAccess;
  readonly #listener: (event: TopicEvent) => void;
  /** `undefined` while the topic is withheld. */
  readonly #followed = new Map<TopicName, Followed | undefined>();

  constructor(access: TopicAccess, listener: (event: TopicEvent) => void) {
    this.#access = access;
    this.#listener = listener;
  }

  request(request: PageRequest): void {
    if ('unsubscribe' in request) {
      this.#followed.get(request.unsubscribe)?.stop();
      this.#followed.delete(request.unsubscribe);
      return;
    }
    const { subscribe: topic, after } = request;
    this.#followed.get(topic)?.stop();
    if (this.#followed.size >= MOST_TOPICS && !this.#followed.has(topic)) this.#withhold(topic);
    else this.#follow(topic, after);
  }

  /** To be called when what this page is allowed to see may have changed. */
  review(): void {
    for (const [name, followed] of this.#followed) {
      const topic = this.#allowed(name);
      if (topic === followed?.topic) continue;
      followed?.stop();
      this.#follow(name, undefined);
    }
  }

  close(): void {
    for (const followed of this.#followed.values()) followed?.stop();
    this.#followed.clear();
  }

  #follow(name: TopicName, after: Bookmark | undefined): void {
    const topic = this.#allowed(name);
    this.#followed.set(name, topic && { topic, stop: topic.follow(this.#listener, after) });
    if (topic === undefined) this.#withhold(name);
  }

  #allowed(name: TopicName): Topic<TopicLine> | undefined {
    return this.#access.mayFollow(name) ? this.#access.topic(name) : undefined;
  }

  #withhold(topic: TopicName): void {
    this.#listener({ kind: 'withheld', topic });
  }
}
