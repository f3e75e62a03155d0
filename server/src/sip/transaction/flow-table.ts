import { callIdOf, cseqOf, fromOf, viaOf } from '../message/essentials.ts';
import type { SipRequest } from '../message/message.ts';
import { MAGIC_COOKIE } from './identifiers.ts';
import type { InviteClientTransaction } from './invite-client-transaction.ts';
import { InviteServerTransaction } from './invite-server-transaction.ts';
import type { RequestClientTransaction } from './request-client-transaction.ts';
import type { RequestServerTransaction } from './request-server-transaction.ts';

export type AnyServerTransaction = InviteServerTransaction | RequestServerTransaction;
export type AnyClientTransaction = InviteClientTransaction | RequestClientTransaction;

/** The transactions of one flow. JsSIP has only 10⁷ branches, so that nothing is ever matched across flows. */
export class FlowTable {
  /** Each is made with its first transaction, as most flows have transactions of one kind only. */
  servers: Map<string, AnyServerTransaction> | undefined;
  clients: Map<string, AnyClientTransaction> | undefined;

  get isEmpty(): boolean {
    return (this.servers?.size ?? 0) === 0 && (this.clients?.size ?? 0) === 0;
  }

  /** The INVITE to which an ACK or CANCEL belongs. */
  inviteOf(request: SipRequest): InviteServerTransaction | undefined {
    const found = this.servers?.get(serverKey(request, 'INVITE'));
    return found instanceof InviteServerTransaction ? found : undefined;
  }
}

/**
 * What a request is matched by within its flow (RFC 3261 §17.2.3): method, an ACK's and CANCEL's being INVITE, and branch. The sent-by
 * is left out, for a flow has one peer; and so is the CSeq, which JsSIP gets wrong in an ACK after glare. A branch that
 * is not unique by itself (RFC 2543) is completed by what §17.2.3 names, except the To tag, which adds nothing on one flow.
 */
export function serverKey(request: SipRequest, method: string): string {
  const { branch } = viaOf(request);
  if (branch !== undefined && branch.length > MAGIC_COOKIE.length && branch.startsWith(MAGIC_COOKIE)) {
    return `${method} ${branch}`;
  }
  const [via = ''] = request.headers.all('via');
  const { number } = cseqOf(request);
  return [method, request.uri, fromOf(request).tag ?? '', callIdOf(request), String(number), via].join(' ');
}

/** What a response is matched by within its flow (RFC 3261 §17.1.3): our branch, which a CANCEL shares with its INVITE. */
export const clientKey = (branch: string, method: string): string =>
  method === 'CANCEL' ? `CANCEL ${branch}` : branch;
