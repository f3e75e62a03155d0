import type { TerminalView } from '@perch/shared';
import type { Health } from '../line/health.ts';

/** What the page shows right now; exactly one of these. */
export type PageState =
  | 'connecting'
  | 'offline'
  | 'free'
  | 'taking-over'
  | 'taken'
  | 'locked'
  | 'ringing'
  | 'in-call';

export interface Scene {
  readonly view: TerminalView | null;
  readonly health: Health;
  readonly ringing: boolean;
  /** A call to a person or station, from its beginning. */
  readonly inCall: boolean;
  /** The display begins with `*30`, or the Center is speaking. */
  readonly atCenter: boolean;
}

/** A call outlives the line to the exchange, so it is shown even while the line is down. */
export function pageStateOf({ view, health, ringing, inCall, atCenter }: Scene): PageState {
  if (ringing) return 'ringing';
  if (inCall) return 'in-call';
  if (health.kind === 'offline') return 'offline';
  if (view === null) return 'connecting';
  if (atCenter) return 'taking-over';
  switch (view.occupancy.kind) {
    case 'guest':
      return 'taken';
    case 'locked':
      return 'locked';
    case 'owner':
      return 'free';
  }
}
