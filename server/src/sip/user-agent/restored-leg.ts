import { restored } from '../dialog/dialog-snapshot.ts';
import { stable } from '../dialog/machines/offer-answer.ts';
import { DialogLeg } from './dialog-leg.ts';
import type { LegContext } from './leg-context.ts';
import type { DialogSnapshot, Target } from './leg.ts';
import { Session } from './session.ts';

/** A confirmed leg that has survived a restart of the server. */
export class RestoredLeg extends DialogLeg {
  protected readonly session: Session;

  constructor(context: LegContext, snapshot: DialogSnapshot, target: Target) {
    super(context, snapshot.localTag, target, { kind: 'confirmed' });
    this.session = new Session(context, this, restored(snapshot), stable);
    this.session.resume(snapshot.sessionTimer);
  }

  protected override early(): void {
    // Confirmed from the beginning: its machine never asks.
  }
}
