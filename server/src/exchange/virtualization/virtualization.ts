import type { ExtensionId } from '@perch/shared';

/** How something was done: on a phone's keypad, on the terminal's page, by an administrator, by a limit. */
export type Way = 'dialled' | 'web' | 'administrator' | 'limit';

/** "Extension `virtual` is on the terminal of `base`." */
export interface Virtualization {
  readonly virtual: ExtensionId;
  readonly base: ExtensionId;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly since: number;
  readonly by: Way;
}

/** Virtualizations that end and begin in one step, all or none. */
export interface Change {
  readonly ended: readonly Virtualization[];
  readonly begun: readonly Virtualization[];
}
