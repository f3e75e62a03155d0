import type { Exchange } from './exchange.ts';

/** What a page shows: on a personal phone, unless it says otherwise. */
export interface Scene {
  readonly at?: 'station' | 'phone' | 'second tab';
  /** Something on the page fails, as it is meant to. */
  readonly isFaulty?: true;
  /** Brings it about, on a page that is connected. */
  readonly play: (exchange: Exchange) => unknown;
}
