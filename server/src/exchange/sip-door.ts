import type { HeaderField, SipMessage } from '../sip/message/message.ts';
import type { ServerTransaction } from '../sip/transaction/transaction-layer.ts';
import type { Flow } from '../sip/transport/flow.ts';
import type { InboundLeg } from '../sip/user-agent/leg.ts';
import { ACCEPT, ALLOW, SUPPORTED } from '../sip/user-agent/own-fields.ts';
import type { UserAgent, UserAgentListener } from '../sip/user-agent/user-agent.ts';
import type { Calls } from './call/calls.ts';
import type { Happened } from './happenings.ts';
import { MESSAGE_SUMMARY } from './message-waiting/message-summary.ts';
import type { MessageWaiting } from './message-waiting/message-waiting.ts';
import type { Account, Registrar } from './registrar/registrar.ts';

/** What can be subscribed to (RFC 6665 §8.2.2). */
const ALLOW_EVENTS: HeaderField = ['Allow-Events', MESSAGE_SUMMARY.name];

/** The rooms to which requests go. */
interface RoomsForRequests {
  readonly userAgent: Pick<UserAgent, 'receive'>;
  readonly phones: Pick<Registrar, 'register'>;
  readonly calls: Pick<Calls, 'invited'>;
  readonly lamps: Pick<MessageWaiting, 'subscribed'>;
}

/** Where SIP comes in: knows who is on which flow, and which room each request is for. */
export class SipDoor implements UserAgentListener {
  /** Whose flow it is or was: a leg may outlive its flow. */
  readonly #accounts = new WeakMap<Flow, Account>();
  readonly #happened: Happened;
  #rooms: RoomsForRequests | undefined;

  constructor(happened: Happened) {
    this.#happened = happened;
  }

  /** Until then there are no flows, and nothing comes in. */
  open(rooms: RoomsForRequests): void {
    this.#rooms = rooms;
  }

  /** A flow was authenticated as that terminal's; its messages follow. */
  attach(flow: Flow, account: Account): void {
    this.#accounts.set(flow, account);
  }

  receive(flow: Flow, message: SipMessage): void {
    this.#rooms?.userAgent.receive(flow, message);
  }

  /** An attached flow is gone. */
  closed(flow: Flow): void {
    const account = this.#accounts.get(flow);
    if (account) this.#happened({ kind: 'flow-closed', flow, terminal: account.terminal });
  }

  /** The account of an attached flow may no longer be used: the flow is closed with `reason` once it carries no call. */
  bar(flow: Flow, reason: string): void {
    const account = this.#accounts.get(flow);
    if (account) this.#happened({ kind: 'flow-barred', flow, terminal: account.terminal, reason });
  }

  invited(leg: InboundLeg): void {
    const caller = this.#accounts.get(leg.target.flow);
    if (caller) this.#rooms?.calls.invited(leg, caller.terminal);
    else leg.reject(403);
  }

  /** Requests outside of any dialog that concern no call. */
  requested(transaction: ServerTransaction): void {
    const account = this.#accounts.get(transaction.flow);
    switch (transaction.request.method) {
      case 'REGISTER':
        if (account) this.#rooms?.phones.register(transaction, account);
        else transaction.respond({ status: 403 });
        return;
      case 'OPTIONS':
        transaction.respond({ status: 200, fields: [ALLOW, ACCEPT, SUPPORTED, ALLOW_EVENTS] });
        return;
      case 'SUBSCRIBE':
        if (account) this.#rooms?.lamps.subscribed(transaction, account);
        else transaction.respond({ status: 403 });
        return;
      case 'PUBLISH':
        transaction.respond({ status: 489, fields: [ALLOW_EVENTS] });
        return;
      default:
        transaction.respond({ status: 405, fields: [ALLOW] });
    }
  }

  sameAccount(flow: Flow, other: Flow): boolean {
    const account = this.#accounts.get(flow);
    return account !== undefined && account.terminal === this.#accounts.get(other)?.terminal;
  }

  failed(error: unknown): void {
    this.#happened({ kind: 'failed', error });
  }
}
