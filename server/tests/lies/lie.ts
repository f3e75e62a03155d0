import type { Stage } from '../support/fixtures.ts';
import type { GuardName } from './guards.ts';

/** A server on which lies are tried. */
export interface Stand extends Stage {
  /** How often it has hashed a password. */
  readonly hashes: () => number;
}

/** What somebody tries who is not who they say, or whose text is not what it looks like. */
export interface Lie {
  /** As it stands in docs/reliability.md. */
  readonly name: string;
  /** Without all of these it works. */
  readonly guards: readonly GuardName[];
  /** Tries it, and resolves with whether it has worked. */
  readonly works: (on: Stand) => Promise<boolean>;
}
