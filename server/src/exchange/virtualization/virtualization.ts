import type { ExtensionId } from '@perch/shared';

/** By what means something was done: on a phone's keypad, on a page of one's own, by an administrator, by a limit. */
export type Way = 'dialled' | 'web' | 'administrator' | 'limit';

/** "Extension `virtual` is on the terminal of `base`." */
export interface Virtualization {
  readonly virtual: ExtensionId;
  readonly base: ExtensionId;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly since: number;
  readonly by: Way;
}

/** Virtualizations ended and begun in one step, all or none. */
export interface Change {
  readonly ended: readonly Virtualization[];
  readonly begun: readonly Virtualization[];
}
