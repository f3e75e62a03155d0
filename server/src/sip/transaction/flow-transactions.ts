import { ReleasingMap } from '../../collections/releasing-map.ts';
import { buildRequest } from '../message/build.ts';
import { cseqOf, viaOf } from '../message/essentials.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import type { Clock } from '../../world/clock.ts';
import type { Flow, FlowId } from '../transport/flow.ts';
import { clientKey, FlowTable, serverKey } from './flow-table.ts';
import type { AnyClientTransaction, AnyServerTransaction } from './flow-table.ts';
import { Identifiers } from './identifiers.ts';
import { InviteClientTransaction } from './invite-client-transaction.ts';
import { InviteServerTransaction } from './invite-server-transaction.ts';
import { leadOf } from './outgoing.ts';
import { RequestClientTransaction } from './request-client-transaction.ts';
import { RequestServerTransaction } from './request-server-transaction.ts';
import { Responder } from './responder.ts';
import { TimerQueues } from './timer-queues.ts';
import type { Cancellable, Surroundings, Transaction } from './transaction.ts';
import type {
  ClientTransaction,
  ClientTransactionUser,
  OutgoingRequest,
  TransactionLayer,
  TransactionUser,
} from './transaction-layer.ts';

/** The answer to a CANCEL is not waited for: the INVITE's own final response tells the outcome. */
const NOBODY: ClientTransactionUser = { final: () => undefined, failed: () => undefined };

/**
 * The transactions of every flow, a table for each flow that has any. Hot path: a request other than INVITE that is answered
 * at once never enters a table, for over a reliable flow nothing that follows could belong to it (timer J is 0).
 */
class FlowTransactions implements TransactionLayer, Surroundings {
  readonly user: TransactionUser;
  readonly timers: TimerQueues;
  readonly #clock: Pick<Clock, 'after' | 'monotonic'>;
  readonly #identifiers: Identifiers;
  /** Our sent-by: a name that is never resolved, as answers come back over the flow (RFC 7118 §5). */
  readonly #host: string;
  readonly #tables = new ReleasingMap<FlowId, FlowTable>();
  #size = 0;
  #strayResponses = 0;

  constructor(user: TransactionUser, clock: Pick<Clock, 'after' | 'monotonic'>, random: () => number) {
    this.user = user;
    this.#clock = clock;
    this.timers = new TimerQueues(clock);
    this.#identifiers = new Identifiers(random);
    this.#host = `${this.#identifiers.newTag()}.invalid`;
  }

  get size(): number {
    return this.#size;
  }

  get strayResponses(): number {
    return this.#strayResponses;
  }

  receive(flow: Flow, message: SipRequest | SipResponse): void {
    if (message.kind === 'response') this.#response(flow, message);
    else if (message.method === 'ACK') this.#ack(flow, message);
    else if (message.method === 'CANCEL') this.#cancel(flow, message);
    else if (message.method === 'INVITE') this.#invite(flow, message);
    else this.#request(flow, message);
  }

  send(flow: Flow, request: OutgoingRequest, user: ClientTransactionUser): ClientTransaction {
    const branch = this.#identifiers.newBranch();
    const lead = leadOf(flow, this.#host, branch);
    if (request.method === 'INVITE') {
      const invite = new InviteClientTransaction(this, flow, branch, lead, request, user);
      this.#start(invite);
      return invite.handleOf(request);
    }
    const transaction = new RequestClientTransaction(this, flow, branch, lead, request, user);
    this.#start(transaction);
    return transaction;
  }

  sendAck(flow: Flow, request: OutgoingRequest): void {
    flow.send(buildRequest(request, leadOf(flow, this.#host, this.#identifiers.newBranch())));
  }

  flowClosed(flow: Flow): void {
    const table = this.#tables.get(flow.id);
    if (table === undefined) return;
    const errors: unknown[] = [];
    for (const transaction of [...(table.servers?.values() ?? []), ...(table.clients?.values() ?? [])]) {
      try {
        transaction.broken();
      } catch (error) {
        // A user that throws must not keep the others from hearing of it.
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'a transaction user failed on a closed flow');
  }

  giveUp(flow: Flow, method: string): void {
    const clients = this.#tables.get(flow.id)?.clients?.values() ?? [];
    for (const transaction of [...clients]) if (transaction.method === method) transaction.broken();
  }

  newTag = (): string => this.#identifiers.newTag();

  soon(callback: () => void): void {
    this.#clock.after(0, callback);
  }

  sendCancel(invite: Cancellable, cancel: OutgoingRequest): void {
    const { flow, key: branch, lead } = invite;
    this.#start(new RequestClientTransaction(this, flow, clientKey(branch, 'CANCEL'), lead, cancel, NOBODY));
  }

  leave(transaction: Transaction): void {
    const table = this.#tables.get(transaction.flow.id);
    if (table === undefined) return;
    const { key } = transaction;
    if (table.servers?.get(key) === transaction) table.servers.delete(key);
    else if (table.clients?.get(key) === transaction) table.clients.delete(key);
    else return;
    this.#size--;
    if (table.isEmpty) this.#tables.delete(transaction.flow.id);
  }

  #invite(flow: Flow, request: SipRequest): void {
    const key = serverKey(request, 'INVITE');
    const known = this.#tables.get(flow.id)?.servers?.get(key);
    if (known !== undefined) {
      known.retransmitted();
      return;
    }
    const transaction = new InviteServerTransaction(this, flow, key, request);
    this.#enterServer(transaction);
    transaction.offer();
  }

  #request(flow: Flow, request: SipRequest): void {
    const key = serverKey(request, request.method);
    const known = this.#tables.get(flow.id)?.servers?.get(key);
    if (known !== undefined) {
      known.retransmitted();
      return;
    }
    const transaction = new RequestServerTransaction(this, flow, key, request);
    try {
      this.user.request(transaction);
    } catch (error) {
      transaction.respond({ status: 500 });
      throw error;
    }
    if (transaction.isOver) return;
    this.#enterServer(transaction);
    transaction.wait();
  }

  #ack(flow: Flow, ack: SipRequest): void {
    const invite = this.#tables.get(flow.id)?.inviteOf(ack);
    if (invite === undefined || invite.acknowledged()) this.user.ack(ack, flow);
  }

  /** Answers 200 where there is such an INVITE, however far it has come, else 481 (RFC 3261 §9.2). */
  #cancel(flow: Flow, cancel: SipRequest): void {
    const invite = this.#tables.get(flow.id)?.inviteOf(cancel);
    const responder = new Responder(cancel, flow, this.newTag);
    if (invite === undefined) {
      flow.send(responder.write({ status: 481 }));
      return;
    }
    const { pending } = invite;
    flow.send(responder.write({ status: 200, ...(pending && { toTag: pending.responder.toTag }) }));
    if (pending !== undefined) this.user.cancelled(pending, cancel);
    else if (invite.isAccepted) this.user.abandoned(cancel, flow);
  }

  #response(flow: Flow, response: SipResponse): void {
    const { branch = '' } = viaOf(response);
    const { method } = cseqOf(response);
    const client = this.#tables.get(flow.id)?.clients?.get(clientKey(branch, method));
    // Two Vias: it was meant for a host behind us (RFC 3261 §8.1.3.3).
    if (client === undefined || client.method !== method || response.headers.count('via') > 1) {
      this.#strayResponses++;
    } else client.received(response);
  }

  #start(transaction: AnyClientTransaction): void {
    const table = this.#tableOf(transaction.flow);
    table.clients ??= new Map();
    table.clients.set(transaction.key, transaction);
    this.#size++;
    try {
      transaction.start();
    } catch (error) {
      this.leave(transaction);
      throw error;
    }
  }

  #enterServer(transaction: AnyServerTransaction): void {
    const table = this.#tableOf(transaction.flow);
    table.servers ??= new Map();
    table.servers.set(transaction.key, transaction);
    this.#size++;
  }

  #tableOf(flow: Flow): FlowTable {
    let table = this.#tables.get(flow.id);
    if (table === undefined) this.#tables.set(flow.id, (table = new FlowTable()));
    return table;
  }
}

/** The layer over whatever flows it is told of. `random` gives numbers in [0, 1). */
export const createTransactionLayer = (options: {
  readonly user: TransactionUser;
  readonly clock: Pick<Clock, 'after' | 'monotonic'>;
  readonly random: () => number;
}): TransactionLayer => new FlowTransactions(options.user, options.clock, options.random);
