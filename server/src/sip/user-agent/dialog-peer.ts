import { advanced, received, requestFields, retargeted } from '../dialog/dialog.ts';
import type { Dialog } from '../dialog/dialog.ts';
import type { HeaderField, SipRequest, SipResponse } from '../message/message.ts';
import type {
  ClientTransaction,
  ClientTransactionUser,
  OutgoingRequest,
} from '../transaction/transaction-layer.ts';
import type { LegContext } from './leg-context.ts';
import type { LegEvent, Target } from './leg.ts';
import type { Event as LifeEvent } from './machines/leg-life.ts';
import { SDP } from './own-fields.ts';

/** The leg that a dialog belongs to, as its parts see it. */
export interface DialogHost {
  readonly target: Target;
  /** What goes with each INVITE and UPDATE, and with each 18x and 2xx to one: one field, or none. */
  readonly labels: readonly HeaderField[];
  /** Something happened that the leg's life may turn on. */
  happen(event: LifeEvent): void;
  report(event: LegEvent): void;
}

/** The far end of one dialog: our requests go to it in sequence, over whatever flow it was last seen on. */
export class DialogPeer {
  #dialog: Dialog;
  /** For 2xx that are retransmitted. */
  #lastAck: { readonly sequence: number; readonly request: OutgoingRequest } | undefined;
  /** Our last INVITE within the dialog. */
  #invite: ClientTransaction | undefined;
  readonly #context: LegContext;
  readonly #host: DialogHost;

  constructor(context: LegContext, host: DialogHost, dialog: Dialog) {
    this.#context = context;
    this.#host = host;
    this.#dialog = dialog;
  }

  get dialog(): Dialog {
    return this.#dialog;
  }

  /** Ours, for a message to the peer where it is now. */
  get contact(): HeaderField {
    return this.#context.contact(this.#host.target.flow);
  }

  /** `false` where a request of the peer comes out of order. */
  takes(request: SipRequest): boolean {
    const dialog = received(this.#dialog, request);
    this.#dialog = dialog ?? this.#dialog;
    return dialog !== undefined;
  }

  /** A 2xx to a request of ours that may move the peer's Contact. */
  heard(response: SipResponse): void {
    this.#dialog = retargeted(this.#dialog, response);
  }

  /** The peer is elsewhere now: the host's target has changed. */
  moved(): void {
    this.#dialog = { ...this.#dialog, remoteTarget: this.#host.target.contact };
  }

  refusesUpdate(): void {
    this.#dialog = { ...this.#dialog, allowsUpdate: false };
  }

  /** Returns the request's CSeq number. */
  send(
    method: string,
    fields: readonly HeaderField[],
    body: string | undefined,
    user: ClientTransactionUser,
  ): number {
    this.#dialog = advanced(this.#dialog);
    const sequence = this.#dialog.localSequence;
    const transaction = this.#context.transactions.send(
      this.#host.target.flow,
      {
        method,
        uri: this.#dialog.remoteTarget,
        fields: [...requestFields(this.#dialog, method), ...fields],
        ...(body !== undefined && { body }),
      },
      user,
    );
    if (method === 'INVITE') {
      // The previous one has had its ACK, or there would be no new one.
      this.#invite?.release();
      this.#invite = transaction;
    }
    return sequence;
  }

  /** The dialog is over: no 2xx to an INVITE of ours matters any more (RFC 6026 §7.2). */
  close(): void {
    this.#invite?.release();
  }

  /** A request whose success changes nothing; a peer who has forgotten the dialog ends it (RFC 5057 §5.1). */
  tell(method: string, fields: readonly HeaderField[], body?: string): void {
    this.send(method, fields, body, {
      final: ({ status }) => {
        if (status === 481) this.#host.happen({ kind: 'gone' });
      },
      failed: () => undefined,
    });
  }

  /** The last request of the dialog. */
  leave(fields: readonly HeaderField[]): void {
    this.#dialog = advanced(this.#dialog);
    this.#context.farewells.send(this.#host.target.flow, {
      tag: this.#dialog.localTag,
      bye: {
        method: 'BYE',
        uri: this.#dialog.remoteTarget,
        fields: [...requestFields(this.#dialog, 'BYE'), ...fields],
      },
    });
  }

  /** The ACK to the 2xx of our INVITE with that number; with an answer where the 2xx held the offer. */
  acknowledge(sequence: number, answer?: string): void {
    const fields = requestFields(this.#dialog, 'ACK', sequence);
    const request = {
      method: 'ACK',
      uri: this.#dialog.remoteTarget,
      fields: answer === undefined ? fields : [...fields, SDP],
      ...(answer !== undefined && { body: answer }),
    };
    this.#lastAck = { sequence, request };
    this.#context.transactions.sendAck(this.#host.target.flow, request);
  }

  /** A retransmitted 2xx needs its ACK again, with the same answer (RFC 3261 §13.2.2.4). */
  acknowledgeAgain(sequence: number): void {
    if (this.#lastAck?.sequence !== sequence) this.acknowledge(sequence);
    else this.#context.transactions.sendAck(this.#host.target.flow, this.#lastAck.request);
  }
}
