import type { Party } from '@perch/shared';

export interface RecentCall {
  readonly with: Party;
  readonly direction: 'incoming' | 'outgoing';
  readonly answered: boolean;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
}

const MOST = 50;

/** The calls of this session. In memory only: nothing of a guest outlives the guest. */
export class Recents {
  list: readonly RecentCall[] = $state([]);

  add(call: RecentCall): void {
    this.list = [call, ...this.list].slice(0, MOST);
  }

  clear(): void {
    this.list = [];
  }
}
