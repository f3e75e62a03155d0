import type { Flow } from '../../transport/flow.ts';
import type { NotifyResult } from '../machines/subscription-life.ts';

export type { NotifyResult };

/** Something that may be subscribed to (RFC 6665 §5.4). */
export interface EventPackage {
  /** The event type, compared octet by octet (RFC 6665 §8.2.1). */
  readonly name: string;
  /** Of the body that every NOTIFY has. */
  readonly contentType: string;
  /** The shortest interval that is accepted, in seconds. */
  readonly leastSeconds: number;
  /** The longest; also used where none is asked for. */
  readonly mostSeconds: number;
}

/** Knows the state that is subscribed to. */
export interface EventSource {
  /** The current state, as the body of the NOTIFY that now goes out over `flow`. */
  state(flow: Flow): string;
  /** Its subscriber has asked anew, and is told at once. */
  renewed?(): void;
  /** The subscription is over; `last` is the outcome of its last NOTIFY. */
  ended(last: NotifyResult): void;
}

/** A subscription to a state of ours (RFC 6665 §4.2). It ends with its flow. */
export interface Subscription {
  /** Where its subscriber was last seen. */
  readonly flow: Flow;
  /** The state has changed: told at once or, as it is by then, once the NOTIFY under way has been answered. */
  changed(): void;
  /** Forgets it without a NOTIFY. Twice is harmless. */
  close(): void;
}
