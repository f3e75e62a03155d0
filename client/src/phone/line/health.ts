import type { Line } from './line.ts';
import { SILENCE_MS } from '../calls/ring-policy.ts';

/** How often the server sends a pulse, and how late one may be (milliseconds). */
const PULSE_MS = 5_000;
const LATE_MS = 1_000;
/** How long it may take to be connected before a page says that it is not (milliseconds). */
const STARTING_MS = 10_000;

/** What can be said of the line. Ages are the time since the server was last heard (milliseconds). */
export type Health =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready'; readonly age: number }
  /** The server is heard, and holds no registration of this phone. */
  | { readonly kind: 'unregistered'; readonly age: number }
  | { readonly kind: 'offline'; readonly nextTryAt: number | null; readonly lastHeard: number | null };

export interface ServerWord {
  /** By this browser's clock; `null` until the first word. */
  readonly heardAt: number | null;
  readonly registered: boolean;
}

/**
 * *Ready* only if the line is up and the server has just confirmed the registration, whatever the browser believes. `begunAt`: when the page
 * began to connect, the last time.
 */
export function healthOf(line: Line, word: ServerWord, now: number, begunAt: number): Health {
  const lastHeard = word.heardAt;
  if (line.kind === 'waiting') return { kind: 'offline', nextTryAt: line.nextTryAt, lastHeard };
  if ('attempt' in line && line.attempt > 0) return { kind: 'offline', nextTryAt: null, lastHeard };
  const starting: Health =
    now - begunAt < STARTING_MS ? { kind: 'starting' } : { kind: 'offline', nextTryAt: null, lastHeard };
  if (lastHeard === null) return starting;
  const age = Math.max(0, now - lastHeard);
  if (age >= SILENCE_MS) return { kind: 'offline', nextTryAt: null, lastHeard };
  if (line.kind !== 'registered') return starting;
  if (word.registered) return { kind: 'ready', age };
  // The word may have left the server before this phone was registered: what is settled within a moment is no alarm.
  return starting.kind === 'starting' ? starting : { kind: 'unregistered', age };
}

/**
 * Since when the server has been gone, as far as is known, where the line was found down at `now`: since its last message, or
 * since `now` if the next one was not due yet.
 */
export function goneSince(lastHeard: number | null, now: number): number {
  return lastHeard === null || now - lastHeard < PULSE_MS + LATE_MS ? now : lastHeard;
}
