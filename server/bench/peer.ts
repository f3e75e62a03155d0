import type { Target } from './load.ts';
import type { Server } from './pinned-process.ts';

/** A server that the bench has started and will end. */
export interface Peer {
  readonly server: Server;
  readonly target: Target;
  end(): Promise<void>;
}
