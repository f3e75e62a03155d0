import type { HeaderField, SipRequest, SipResponse } from '../message/message.ts';
import type { Flow } from '../transport/flow.ts';

/** A response still to be written: the transaction adds Via, From, To, Call-ID and CSeq of its request. */
export interface OutgoingResponse {
  readonly status: number;
  /** The standard phrase where left out. */
  readonly reason?: string;
  /** Put on To where the request had none (RFC 3261 §8.2.6.2). */
  readonly toTag?: string;
  readonly fields?: readonly HeaderField[];
  readonly body?: string;
}

/** A request still to be written: the transaction adds Via (with its branch), Max-Forwards and Content-Length. */
export interface OutgoingRequest {
  readonly method: string;
  readonly uri: string;
  /** From, To, Call-ID, CSeq and all else, in the order in which they are sent. */
  readonly fields: readonly HeaderField[];
  readonly body?: string;
}

/** The server's side of one request (RFC 3261 §17.2). */
export interface ServerTransaction {
  readonly request: SipRequest;
  readonly flow: Flow;
  /** A provisional or the final response. Nothing happens after the final one (INVITE: further 2xx are let through, RFC 6026). */
  respond(response: OutgoingResponse): void;
  /**
   * INVITE only, after a 2xx: its ACK came, or its dialog is over. Timer L (RFC 6026 §7.1) would keep it for 32 s, to absorb
   * retransmissions, which a reliable transport does not make.
   */
  release(): void;
}

/** The client's side of one request (RFC 3261 §17.1). */
export interface ClientTransaction {
  readonly request: OutgoingRequest;
  /** INVITE only: sends CANCEL now, or as soon as a provisional response came (RFC 3261 §9.1). Never after a final one. */
  cancel(fields?: readonly HeaderField[]): void;
  /**
   * INVITE only, after a 2xx: its dialog is over and further 2xx no longer matter. The layer lets go of the user, which it
   * would keep for 32 s otherwise (RFC 6026 §7.2).
   */
  release(): void;
}

/** The user of a client transaction. Exactly one of `final`, `failed` is the last call, except for further 2xx to an INVITE. */
export interface ClientTransactionUser {
  provisional?(response: SipResponse): void;
  /** A final response. For INVITE, the layer has sent the ACK to a non-2xx itself; a 2xx's ACK is the user's. */
  final(response: SipResponse): void;
  /** Timer B or F fired, or the flow could not carry the request (RFC 3261 §8.1.3.1: treat as 408 or 503). */
  failed(cause: 'timeout' | 'transport'): void;
}

/** The user that answers requests. */
export interface TransactionUser {
  /**
   * A new request (never ACK or CANCEL). Must be answered, now or later; an INVITE within 200 ms, with a 100 if nothing better. Where it
   * throws, the layer answers 500 and throws on.
   */
  request(transaction: ServerTransaction): void;
  /** An ACK that belongs to a 2xx (RFC 3261 §13.2.2.4): outside of any transaction. */
  ack(request: SipRequest, flow: Flow): void;
  /** The INVITE was cancelled (RFC 3261 §9.2); the CANCEL has had its 200. The INVITE still needs its 487. */
  cancelled(transaction: ServerTransaction, cancel: SipRequest): void;
  /**
   * A CANCEL crossed the 2xx of its INVITE, and has had its 200. It does not affect the transaction (RFC 3261 §9.2), but the
   * caller has given up, and some callers then send no ACK.
   */
  abandoned(cancel: SipRequest, flow: Flow): void;
}

/** RFC 3261 §17 with RFC 6026, over flows: as the dialog and user-agent layers see it. */
export interface TransactionLayer {
  receive(flow: Flow, message: SipRequest | SipResponse): void;
  send(flow: Flow, request: OutgoingRequest, user: ClientTransactionUser): ClientTransaction;
  /** The ACK to a 2xx: no transaction, its own branch. */
  sendAck(flow: Flow, request: OutgoingRequest): void;
  /** Every transaction on that flow ends as a transport error. */
  flowClosed(flow: Flow): void;
  /** Requests of ours with that method to which no answer has come over that flow end in the same way. */
  giveUp(flow: Flow, method: string): void;
  /** Transactions alive now, for metrics and the soak test. */
  readonly size: number;
  /** Responses that belonged to no transaction of ours, counted and dropped. */
  readonly strayResponses: number;
}
