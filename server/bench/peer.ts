import type { Agent, Station, Target } from './load.ts';
import type { Server } from './pinned-process.ts';

/** A server that the bench has started and will stop. */
export interface Peer {
  readonly server: Server;
  readonly target: Target;
  /** For takeovers, where the server has them. */
  readonly desks?: { readonly stations: readonly Station[]; readonly agents: readonly Agent[] };
  /** The tokens of its pages, where it has any. */
  readonly pages?: readonly string[];
  /** How many messages are in its mailboxes, where it has any. */
  messages?(): Promise<number>;
  /** Asks for a full collection, where there is garbage. */
  collectGarbage?(): void;
  end(): Promise<void>;
}
