import type { Dialog } from '../dialog/dialog.ts';
import { invited } from '../dialog/machines/offer-answer.ts';
import type { HeaderField, SipRequest } from '../message/message.ts';
import type { ServerTransaction } from '../transaction/transaction-layer.ts';
import type { Flow } from '../transport/flow.ts';
import { DialogLeg } from './dialog-leg.ts';
import type { EarlyEffect } from './dialog-leg.ts';
import type { LegContext } from './leg-context.ts';
import type { InboundLeg, Reason } from './leg.ts';
import { ALLOW, reasonField, reasonIn, SDP, sdpIn } from './own-fields.ts';
import { LegDialog } from './leg-dialog.ts';

/** A leg that the peer set up (RFC 3261 §13.3). */
export class CallerLeg extends DialogLeg implements InboundLeg {
  readonly sdp: string;
  protected readonly legDialog: LegDialog;
  readonly #invite: ServerTransaction;

  /** `dialog` is the one that the INVITE makes, with this leg's id as our tag. */
  constructor(context: LegContext, invite: ServerTransaction, dialog: Dialog) {
    const target = { flow: invite.flow, contact: dialog.remoteTarget };
    super(context, dialog.localTag, target, { kind: 'invited' });
    this.#invite = invite;
    this.sdp = sdpIn(invite.request);
    this.legDialog = new LegDialog(context, this, dialog, invited);
  }

  get callId(): string {
    return this.legDialog.dialog.callId;
  }

  get request(): SipRequest {
    return this.#invite.request;
  }

  /** The INVITE's own flow, wherever the peer is now. */
  get origin(): Flow {
    return this.#invite.flow;
  }

  progress(status: number, sdp?: string): void {
    if (this.life !== 'invited') return;
    this.#invite.respond({
      status,
      toTag: this.id,
      fields: [this.context.contact(this.origin), ALLOW, ...this.labels, ...(sdp === undefined ? [] : [SDP])],
      ...(sdp !== undefined && { body: sdp }),
    });
  }

  answer(sdp: string, fields: readonly HeaderField[] = []): void {
    if (this.life !== 'invited') return;
    this.happen({ kind: 'answer' });
    this.legDialog.offers.answer(this.#invite, sdp, fields);
    this.legDialog.offers.settled();
  }

  reject(
    status: number,
    options: { readonly reason?: Reason; readonly fields?: readonly HeaderField[] } = {},
  ): void {
    if (this.life !== 'invited') return;
    this.#respond(status, [...(options.fields ?? []), ...reasonField(options.reason)]);
    this.happen({ kind: 'reject' });
  }

  /** The CANCEL of the INVITE, or of a later one. */
  override cancelled(transaction: ServerTransaction, cancel: SipRequest): void {
    if (transaction === this.#invite) this.happen({ kind: 'cancelled', ...reasonIn(cancel) });
    else super.cancelled(transaction, cancel);
  }

  /** The CANCEL of the INVITE, after its 2xx. */
  abandoned(cancel: SipRequest): void {
    this.happen({ kind: 'cancelled', ...reasonIn(cancel) });
  }

  protected override early(effect: EarlyEffect): void {
    if (effect.kind === 'refuse') this.#respond(effect.status, reasonField(effect.reason));
  }

  #respond(status: number, fields: readonly HeaderField[]): void {
    this.#invite.respond({ status, toTag: this.id, fields });
  }
}
