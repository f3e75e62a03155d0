import { type Bookmark, type PageRequest, topicEvent, type TopicEvent, type TopicName } from '@perch/shared';
import type * as z from 'zod/mini';
import type { World } from '../world/world.ts';
import { pauseAfter } from '../phone/line/back-off.ts';
import { after, type Cancel } from '../world/timers.ts';

/** The server closes with this when the credentials are wrong or no longer valid. */
const REFUSED = 4401;
/** The server closes with this while the extension is suspended. */
const SUSPENDED = 4403;
/** A connection that has stood for so long was not refused (milliseconds): the pauses begin again with the shortest. */
const STEADY_MS = 10_000;

export interface EventsListener<Event> {
  onEvent(event: Event): void;
  /** The credentials are no longer valid: no more events will come. */
  onRefused(): void;
  /** The extension is suspended; the next event, if any, means that it no longer is. */
  onSuspended?(): void;
}

/** A topic that is followed, with the position that it has reached. */
export interface FollowedTopic {
  readonly name: TopicName;
  readonly bookmark: Bookmark | undefined;
  /** `false` where something before it is missing. */
  hear(event: TopicEvent): boolean;
}

/** What the server tells this page (`GET /api/events`), reconnected whenever the connection breaks. */
export class EventsSocket<Event> {
  /** What a page says first: who it is. */
  readonly #credentials: object;
  readonly #schema: z.ZodMiniType<Event>;
  readonly #listener: EventsListener<Event>;
  readonly #topics = new Map<TopicName, FollowedTopic>();
  #socket: WebSocket | undefined;
  #cancelAttempt: Cancel | undefined;
  #cancelSteady: Cancel | undefined;
  /** How often it has been closed since it last stood for `STEADY_MS`. */
  #attempt = 0;
  readonly #world: Pick<World, 'fraction'>;

  constructor(
    credentials: object,
    schema: z.ZodMiniType<Event>,
    world: Pick<World, 'fraction'>,
    listener: EventsListener<Event>,
  ) {
    this.#credentials = credentials;
    this.#schema = schema;
    this.#world = world;
    this.#listener = listener;
  }

  /** Connects now, replacing any connection or planned attempt. */
  reconnect(): void {
    this.close();
    const url = new URL('/api/events', location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.onopen = () => {
      this.#cancelSteady = after(STEADY_MS, () => (this.#attempt = 0));
      socket.send(JSON.stringify(this.#credentials));
      for (const topic of this.#topics.values()) this.#ask(topic);
    };
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code }) => {
      this.#cancelSteady?.();
      if (code === SUSPENDED) this.#listener.onSuspended?.();
      if (code === REFUSED) this.#listener.onRefused();
      else
        this.#cancelAttempt = after(pauseAfter(this.#attempt++, this.#world.fraction()), () =>
          this.reconnect(),
        );
    };
  }

  /** Connects now unless it is connected or connecting. */
  ensure(): void {
    const state = this.#socket?.readyState;
    if (state !== WebSocket.OPEN && state !== WebSocket.CONNECTING) this.reconnect();
  }

  /** Keeps the topic up to date across reconnections; the returned function ends it. */
  follow(topic: FollowedTopic): () => void {
    this.#topics.set(topic.name, topic);
    this.#ask(topic);
    return () => {
      if (this.#topics.get(topic.name) !== topic) return;
      this.#topics.delete(topic.name);
      this.#say({ unsubscribe: topic.name });
    };
  }

  close(): void {
    this.#cancelAttempt?.();
    this.#cancelSteady?.();
    if (this.#socket === undefined) return;
    this.#socket.onclose = this.#socket.onmessage = this.#socket.onopen = null;
    this.#socket.close();
    this.#socket = undefined;
  }

  #receive(data: unknown): void {
    const json: unknown = typeof data === 'string' ? JSON.parse(data) : undefined;
    // A newer server may say more than this page understands.
    const event = this.#schema.safeParse(json);
    if (event.success) {
      this.#listener.onEvent(event.data);
      return;
    }
    const { data: news } = topicEvent.safeParse(json);
    if (news === undefined) return;
    const topic = this.#topics.get(news.topic);
    if (topic?.hear(news) === false) this.#ask(topic);
  }

  #ask({ name, bookmark }: FollowedTopic): void {
    this.#say({ subscribe: name, after: bookmark });
  }

  #say(request: PageRequest): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(request));
  }
}
