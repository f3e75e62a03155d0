import type { Flow, FlowId } from '../../sip/transport/flow.ts';
import type { FlowAccount, FlowFacts, FlowOrder } from '../contract/flows.ts';

/**
 * A flow as the exchange has it: its socket is at the edge, which is told by orders what to do with it. It is its own account, since
 * an object more is memory for every idle phone.
 */
export class AttachedFlow implements Flow, FlowAccount {
  readonly id: FlowId;
  readonly transport: Flow['transport'];
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly authority: string | undefined;
  readonly terminal: FlowAccount['terminal'];
  readonly number: FlowAccount['number'];
  /** Until we close it, or the edge says that it is gone. */
  open = true;
  readonly #give: (order: FlowOrder) => void;

  constructor(id: FlowId, facts: FlowFacts, account: FlowAccount, give: (order: FlowOrder) => void) {
    this.id = id;
    this.transport = facts.transport;
    this.remoteAddress = facts.remoteAddress;
    this.remotePort = facts.remotePort;
    this.authority = facts.authority;
    this.terminal = account.terminal;
    this.number = account.number;
    this.#give = give;
  }

  /** Where the socket is gone or its peer reads too slowly, the edge reports it as closed soon after. */
  send(message: string): boolean {
    if (this.open) this.#give({ kind: 'send', flow: this.id, message });
    return this.open;
  }

  close(code: number, reason: string): void {
    if (!this.open) return;
    this.open = false;
    this.#give({ kind: 'close', flow: this.id, code, reason });
  }
}
