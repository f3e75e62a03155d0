import { addressOf, dialogOfResponse } from '../dialog/dialog.ts';
import type { Dialog } from '../dialog/dialog.ts';
import { stable } from '../dialog/machines/offer-answer.ts';
import { toOf } from '../message/essentials.ts';
import type { SipResponse } from '../message/message.ts';
import type { ClientTransaction } from '../transaction/transaction-layer.ts';
import { DialogLeg } from './dialog-leg.ts';
import type { EarlyEffect } from './dialog-leg.ts';
import { T1 } from './leg-context.ts';
import type { LegContext } from './leg-context.ts';
import type { Invitation } from './leg.ts';
import { ALLOW, reasonField, reasonIn, SDP, sdpIn, SUPPORTED } from './own-fields.ts';
import { LegDialog } from './leg-dialog.ts';
import { FIRST_TERMS } from './offers/session-refresh.ts';

/** A leg that we set up (RFC 3261 §13.2). */
export class CalledLeg extends DialogLeg {
  /** Our own: JsSIP answers 482 to one that begins with its own five characters, which are lower-case letters and digits. */
  readonly callId: string;
  protected legDialog: LegDialog | undefined;
  readonly #invitation: Invitation;
  #transaction: ClientTransaction | undefined;
  #cancelTimer: (() => void) | undefined;

  /** `tag` is our From tag and the leg's id. */
  constructor(context: LegContext, tag: string, invitation: Invitation) {
    super(context, tag, invitation.target, { kind: 'inviting' }, invitation.label);
    this.#invitation = invitation;
    this.callId = `PERCH-${context.random.token()}`;
    if (invitation.label !== undefined) context.labelled(this.callId, invitation.label);
  }

  /** Sends the INVITE. */
  start(): void {
    const { context } = this;
    const { target, from, to, sdp, fields = [] } = this.#invitation;
    this.#transaction = context.transactions.send(
      target.flow,
      {
        method: 'INVITE',
        uri: target.contact,
        fields: [
          ['From', addressOf(from, this.id)],
          ['To', addressOf(to, '')],
          ['Call-ID', this.callId],
          ['CSeq', '1 INVITE'],
          context.contact(target.flow),
          ALLOW,
          SUPPORTED,
          FIRST_TERMS,
          ...fields,
          ...this.labels,
          SDP,
        ],
        body: sdp,
      },
      {
        provisional: (response) => {
          this.#progressed(response);
        },
        final: (response) => {
          if (response.status < 300) this.#accepted(response);
          else this.happen({ kind: 'refused', status: response.status, ...reasonIn(response) });
        },
        failed: (cause) => {
          this.happen({ kind: 'refused', status: cause === 'timeout' ? 408 : 503 });
        },
      },
    );
  }

  /** The layer would keep the leg for 32 s otherwise, for 2xx that no longer matter (RFC 6026 §7.2): thousands on a busy server. */
  protected override released(): void {
    this.#transaction?.release();
  }

  protected override early(effect: EarlyEffect): void {
    if (effect.kind !== 'cancel') return;
    this.#cancelTimer = this.context.clock.after(64 * T1, () => {
      this.happen({ kind: 'refused', status: 487 });
    });
    this.#transaction?.cancel(reasonField(effect.reason));
  }

  #progressed(response: SipResponse): void {
    const { status } = response;
    if (status === 100) return;
    const sdp = sdpIn(response);
    this.happen({ kind: 'progressed', status, ...(sdp !== '' && { sdp }) });
  }

  /** The first 2xx makes the dialog. Any other one is acknowledged and ended at once: a phone is no fork (RFC 3261 §13.2.2.4). */
  #accepted(response: SipResponse): void {
    const { legDialog } = this;
    if (legDialog !== undefined && legDialog.dialog.remoteTag === toOf(response).tag) {
      legDialog.repeated(response);
      return;
    }
    const { from, to, target } = this.#invitation;
    const dialog = dialogOfResponse(response, from, to, target.contact);
    if (dialog === undefined) {
      this.happen({ kind: 'refused', status: 502 });
    } else if (legDialog !== undefined || this.state === 'over') {
      this.#dismiss(response, dialog);
    } else {
      this.#establish(response, dialog);
    }
  }

  #establish(response: SipResponse, dialog: Dialog): void {
    this.#cancelTimer?.();
    this.legDialog = new LegDialog(this.context, this, dialog, stable);
    this.legDialog.established(response, this.#invitation.sdp);
    const sdp = sdpIn(response);
    if (sdp === '') this.happen({ kind: 'accepted-without-answer' });
    else this.happen({ kind: 'accepted', sdp, contact: dialog.remoteTarget });
  }

  /** An unwanted dialog: acknowledged and ended without telling the leg. */
  #dismiss(response: SipResponse, dialog: Dialog): void {
    const host = {
      target: this.target,
      labels: this.labels,
      happen: () => undefined,
      report: () => undefined,
    };
    const stray = new LegDialog(this.context, host, dialog, stable);
    stray.established(response, this.#invitation.sdp);
    stray.bye(undefined);
    stray.close();
    this.released();
  }
}
