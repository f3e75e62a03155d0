import type { Party } from '@perch/shared';

/** What somebody who looks at the floor wants to do with a session: it is asked first. */
export interface Wish {
  readonly what: 'end' | 'move';
  /** Whose session it is. */
  readonly who: Party;
  /** The phone on which they are, or of which it was asked. */
  readonly at: Party;
}
