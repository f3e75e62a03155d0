import { callId, type TerminalId } from '@perch/shared';
import { parseParameterized } from '../../sip/message/fields/parameters.ts';
import type { HeaderField } from '../../sip/message/message.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-layer.ts';
import type { Flow, FlowId } from '../../sip/transport/flow.ts';
import type { Farewell } from '../../sip/user-agent/farewells.ts';
import type { InboundLeg } from '../../sip/user-agent/leg.ts';
import { ACCEPT, ALLOW, SUPPORTED } from '../../sip/user-agent/own-fields.ts';
import type { UserAgent, UserAgentListener } from '../../sip/user-agent/user-agent.ts';
import { AbsentFlow } from './absent-flow.ts';
import { AttachedFlow } from './attached-flow.ts';
import type { Calls } from '../call/calls.ts';
import type { FlowAccount, FlowEvent, FlowOrder } from '../contract/flows.ts';
import type { DialogEvents } from '../dialog-info/dialog-events.ts';
import { DIALOG } from '../dialog-info/dialog-info.ts';
import type { Happened } from '../happenings.ts';
import type { Ladders } from '../ladder/ladders.ts';
import { MESSAGE_SUMMARY } from '../message-waiting/message-summary.ts';
import type { MessageWaiting } from '../message-waiting/message-waiting.ts';
import type { Registrar } from '../registrar/registrar.ts';

/** What can be subscribed to (RFC 6665 §8.2.2). */
const ALLOW_EVENTS: HeaderField = ['Allow-Events', `${MESSAGE_SUMMARY.name}, ${DIALOG.name}`];

/** The rooms to which requests go. */
interface RoomsForRequests {
  readonly userAgent: Pick<UserAgent, 'receive'>;
  readonly phones: Pick<Registrar, 'register'>;
  readonly calls: Pick<Calls, 'invited' | 'owedByes'>;
  readonly lamps: Pick<MessageWaiting, 'subscribed'>;
  readonly dialogs: Pick<DialogEvents, 'subscribed'>;
}

/** Where SIP comes in: knows who is on which flow, and which room each request is for. */
export class SipDoor implements UserAgentListener {
  readonly #flows = new Map<FlowId, AttachedFlow>();
  readonly #happened: Happened;
  readonly #ladders: Pick<Ladders, 'heard' | 'sent' | 'joined'>;
  #rooms: RoomsForRequests | undefined;
  #carryOut: (order: FlowOrder) => void = () => undefined;

  constructor(happened: Happened, ladders: Pick<Ladders, 'heard' | 'sent' | 'joined'>) {
    this.#happened = happened;
    this.#ladders = ladders;
  }

  /** Until then there are no flows, and nothing comes in. */
  open(rooms: RoomsForRequests): void {
    this.#rooms = rooms;
  }

  /** From now on the flows are with `edge`, which is told what to do with them; the result ends it. */
  carriedOutBy(edge: (order: FlowOrder) => void): () => void {
    this.#carryOut = edge;
    return () => {
      if (this.#carryOut === edge) this.#carryOut = () => undefined;
    };
  }

  tell(event: FlowEvent): void {
    if (event.kind === 'attach') {
      this.#flows.set(event.flow, new AttachedFlow(event.flow, event.facts, event.account, this.#order));
      return;
    }
    const flow = this.#flows.get(event.flow);
    if (flow === undefined) return;
    switch (event.kind) {
      case 'message':
        this.#ladders.heard(flow.terminal, event.message);
        this.#rooms?.userAgent.receive(flow, event.message);
        return;
      case 'refused':
        this.#ladders.heard(flow.terminal, event.message);
        this.#ladders.sent(flow.terminal, event.answer);
        return;
      case 'closed':
        this.#flows.delete(event.flow);
        flow.open = false;
        this.#happened({ kind: 'flow-closed', flow, terminal: flow.terminal });
        return;
      case 'barred': {
        const { reason } = event;
        this.#happened({ kind: 'flow-barred', flow, terminal: flow.terminal, reason });
      }
    }
  }

  invited(leg: InboundLeg): void {
    const caller = accountOf(leg.target.flow);
    if (caller) this.#rooms?.calls.invited(leg, caller.terminal);
    else leg.reject(403);
  }

  /** Requests outside of any dialog that concern no call. */
  requested(transaction: ServerTransaction): void {
    const account = accountOf(transaction.flow);
    switch (transaction.request.method) {
      case 'REGISTER':
        if (account) this.#rooms?.phones.register(transaction, account);
        else transaction.respond({ status: 403 });
        return;
      case 'OPTIONS':
        transaction.respond({ status: 200, fields: [ALLOW, ACCEPT, SUPPORTED, ALLOW_EVENTS] });
        return;
      case 'SUBSCRIBE':
        if (account) this.#subscribed(transaction, account);
        else transaction.respond({ status: 403 });
        return;
      case 'PUBLISH':
        transaction.respond({ status: 489, fields: [ALLOW_EVENTS] });
        return;
      default:
        transaction.respond({ status: 405, fields: [ALLOW] });
    }
  }

  #subscribed(transaction: ServerTransaction, account: FlowAccount): void {
    const event = parseParameterized(transaction.request.headers.get('event') ?? '')?.token;
    if (event === DIALOG.name) this.#rooms?.dialogs.subscribed(transaction, account);
    else if (event === undefined || event === MESSAGE_SUMMARY.name)
      this.#rooms?.lamps.subscribed(transaction, account);
    else transaction.respond({ status: 489, fields: [ALLOW_EVENTS] });
  }

  sameAccount(flow: Flow, other: Flow): boolean {
    const terminal = terminalOf(flow);
    return terminal !== undefined && terminal === terminalOf(other);
  }

  owed(flow: Flow, farewell: Farewell): boolean {
    const terminal = terminalOf(flow);
    return terminal !== undefined && this.#rooms?.calls.owedByes.owed(flow, terminal, farewell) === true;
  }

  paid(farewell: Farewell): void {
    this.#rooms?.calls.owedByes.paid(farewell);
  }

  /** All labels of ours are ids of calls. */
  labelled(id: string, [, label]: HeaderField): void {
    this.#ladders.joined(id, callId(label));
  }

  failed(error: unknown): void {
    this.#happened({ kind: 'failed', error });
  }

  readonly #order = (order: FlowOrder): void => {
    const terminal = order.kind === 'send' ? this.#flows.get(order.flow)?.terminal : undefined;
    if (order.kind === 'send' && terminal !== undefined) this.#ladders.sent(terminal, order.message);
    this.#carryOut(order);
  };
}

/** Whose flow it is or was, since a leg may outlive its flow. */
const accountOf = (flow: Flow): FlowAccount | undefined => (flow instanceof AttachedFlow ? flow : undefined);

const terminalOf = (flow: Flow): TerminalId | undefined =>
  flow instanceof AbsentFlow ? flow.terminal : accountOf(flow)?.terminal;
