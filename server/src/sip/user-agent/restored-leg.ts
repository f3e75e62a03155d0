import { restored } from '../dialog/dialog-snapshot.ts';
import { stable } from '../dialog/machines/offer-answer.ts';
import { DialogLeg } from './dialog-leg.ts';
import type { LegContext } from './leg-context.ts';
import type { DialogSnapshot, Target } from './leg.ts';
import { LegDialog } from './leg-dialog.ts';

/** A confirmed leg that has survived a restart of the server. */
export class RestoredLeg extends DialogLeg {
  protected readonly legDialog: LegDialog;

  constructor(context: LegContext, snapshot: DialogSnapshot, target: Target) {
    super(context, snapshot.localTag, target, { kind: 'confirmed' });
    this.legDialog = new LegDialog(context, this, restored(snapshot), stable);
    this.legDialog.resume(snapshot);
  }

  get callId(): string {
    return this.legDialog.dialog.callId;
  }

  protected override early(): void {
    // Confirmed from the beginning: its machine never asks.
  }
}
