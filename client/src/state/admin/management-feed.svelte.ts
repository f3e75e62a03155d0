import { administratorEvent, type AdministratorEvent, type TopicLine } from '@perch/shared';
import { createContext, untrack } from 'svelte';
import { EventsSocket } from '../../api/events-socket.ts';
import { SILENCE_MS } from '../../phone/calls/ring-policy.ts';
import type { World } from '../../world/world.ts';
import { Clock } from '../page/clock.svelte.ts';
import type { Topic } from '../line/topic.svelte.ts';

/** What the server tells an administrator's page, for as long as the session lasts. */
export class ManagementFeed {
  readonly clock: Clock;
  /** When the server was last heard, by this browser's clock; at first, when the page began to listen. */
  heardAt: number;
  #isVisible = $state(document.visibilityState === 'visible');
  readonly #socket: EventsSocket<AdministratorEvent>;
  #doubtedAt = 0;

  constructor(world: World, onSignedOut: () => void) {
    this.clock = new Clock(world);
    this.heardAt = $state(world.now());
    this.#socket = new EventsSocket({ administrator: true }, administratorEvent, world, {
      onEvent: () => (this.heardAt = world.now()),
      onRefused: onSignedOut,
    });
    document.addEventListener('visibilitychange', this.#look);
    this.#socket.reconnect();
  }

  /** The server has been silent for so long that what is shown may be out of date. */
  get isSilent(): boolean {
    return this.clock.now - this.heardAt >= SILENCE_MS;
  }

  /** Keeps a topic up to date while the page is looked at; call it while a component is set up. */
  follow<Line extends TopicLine>(topic: Topic<Line>): void {
    $effect(() => (this.#isVisible ? untrack(() => this.#socket.follow(topic)) : undefined));
  }

  /** For an effect. Reconnects where the server has been silent for too long: the connection may have died unnoticed. */
  check(): void {
    const { now } = this.clock;
    if (!this.isSilent || now - this.#doubtedAt < SILENCE_MS) return;
    this.#doubtedAt = now;
    this.#socket.reconnect();
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.#look);
    this.#socket.close();
    this.clock.close();
  }

  readonly #look = (): void => {
    this.#isVisible = document.visibilityState === 'visible';
  };
}

/** The feed of this page, for the parts of management. */
export const [getFeed, setFeed] = createContext<ManagementFeed>();
