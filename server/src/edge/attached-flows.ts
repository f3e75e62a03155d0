import type { TerminalId } from '@perch/shared';
import type { Following } from '../cluster/port.ts';
import { MultiMap } from '../collections/multi-map.ts';
import type { Flow, FlowId } from '../sip/transport/flow.ts';
import type { Clock } from '../world/clock.ts';
import type { Attached, Port, Spending } from './attached.ts';

/**
 * Flows of one terminal at a time: more than anyone has browsers, and few enough that one account cannot use up the
 * connections of all.
 */
const MOST_FLOWS_OF_TERMINAL = 64;

const bindsUntil = ({ requests, responses, preferred }: Spending): number =>
  Math.max(requests, responses, preferred);

/** The flows that have an account. Their organizations learn of their beginning and end, and have their orders carried out. */
export class AttachedFlows {
  readonly #flows = new Map<FlowId, Attached>();
  readonly #ofTerminal = new MultiMap<TerminalId, Attached>();
  /** What terminals have spent whose last flow has ended; the next one goes on from there. */
  readonly #spent = new Map<TerminalId, Spending>();
  readonly #clock: Clock;
  /** The organizations whose orders are carried out. */
  readonly #obeyed = new Map<Port, Following>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#flows.size;
  }

  of(flow: Flow): Attached | undefined {
    return this.#flows.get(flow.id);
  }

  ofTerminal(terminal: TerminalId): readonly Attached[] {
    return this.#ofTerminal.of(terminal);
  }

  /** Has the terminal as many flows as it may have? */
  isFull(terminal: TerminalId): boolean {
    return this.#ofTerminal.count(terminal) >= MOST_FLOWS_OF_TERMINAL;
  }

  /** What the terminal's flows have spent, by which the next one is bound too. */
  spendingOf(terminal: TerminalId): Spending {
    const open = this.ofTerminal(terminal).find(({ barred }) => !barred)?.spending;
    return open ?? this.#spent.get(terminal) ?? { requests: 0, responses: 0, preferred: 0 };
  }

  /** From now on the flow is there for its calls alone; what is sent over it is no longer charged to the terminal's other phones. */
  bar(session: Attached): void {
    session.barred = true;
    session.spending = { ...session.spending };
  }

  attach(session: Attached): void {
    const { flow, account, organization } = session;
    const { transport, remoteAddress, remotePort, authority } = flow;
    const { terminal, number } = account;
    this.#flows.set(flow.id, session);
    this.#ofTerminal.add(terminal, session);
    this.#takeOrdersOf(organization);
    organization.tell({
      kind: 'attach',
      flow: flow.id,
      facts: { transport, remoteAddress, remotePort, authority },
      account: { terminal, number },
    });
  }

  /** The flow is gone. */
  detach(session: Attached): void {
    const { flow, account, organization } = session;
    this.#flows.delete(flow.id);
    this.#ofTerminal.delete(account.terminal, session);
    this.#keepSpending(session);
    organization.tell({ kind: 'closed', flow: flow.id });
  }

  /** Those of terminals without a flow are forgotten once they bind nobody any more. */
  #keepSpending({ account: { terminal }, spending }: Attached): void {
    const now = this.#clock.monotonic();
    for (const [other, spent] of this.#spent) {
      if (bindsUntil(spent) > now) break;
      this.#spent.delete(other);
    }
    this.#spent.delete(terminal);
    const binds = bindsUntil(spending) > now;
    if (binds && this.#ofTerminal.count(terminal) === 0) this.#spent.set(terminal, spending);
  }

  /** From now on no orders are carried out. */
  close(): void {
    for (const orders of this.#obeyed.values()) orders.close();
  }

  /** An organization has a say over its own flows only. */
  #takeOrdersOf(organization: Port): void {
    if (this.#obeyed.has(organization)) return;
    const orders = organization.follow({ kind: 'flows' }, (order) => {
      const session = this.#flows.get(order.flow);
      if (session?.organization !== organization) return;
      if (order.kind === 'send') session.flow.send(order.message);
      else session.flow.close(order.code, order.reason);
    });
    this.#obeyed.set(organization, orders);
  }
}
