import { assertNever } from '@perch/shared';
import type { LocalCallId } from './identity.ts';

/** One of the calls of this phone, as far as it matters when another one is to be spoken in. */
export interface Switched {
  readonly local: LocalCallId;
  /**
   * `ringing`: offered here and not answered; `person`: with a person or station, also while it rings there; `service`: the server itself
   * speaks, and does not wait.
   */
  readonly kind: 'ringing' | 'person' | 'service';
  /** This side has put the other one on hold. */
  readonly isHeld: boolean;
}

export interface Switching {
  readonly hold: readonly LocalCallId[];
  readonly resume: readonly LocalCallId[];
  readonly hangUp: readonly LocalCallId[];
}

/**
 * What becomes of the calls when `next` is the one to speak in, or one that is about to be made (`null`): people wait on hold, and a call
 * with the server ends. A call that rings goes on ringing.
 */
export function switchTo(calls: readonly Switched[], next: LocalCallId | null): Switching {
  const hold: LocalCallId[] = [];
  const resume: LocalCallId[] = [];
  const hangUp: LocalCallId[] = [];
  for (const { local, kind, isHeld } of calls) {
    if (local === next) {
      if (isHeld) resume.push(local);
      continue;
    }
    switch (kind) {
      case 'ringing':
        break;
      case 'person':
        if (!isHeld) hold.push(local);
        break;
      case 'service':
        hangUp.push(local);
        break;
      default:
        assertNever(kind);
    }
  }
  return { hold, resume, hangUp };
}
