import type { OrganizationId } from '@perch/shared';
import { ExchangeControl } from './exchange/control.ts';
import { Exchange } from './exchange/exchange.ts';
import type { ExchangePorts } from './exchange/exchange-ports.ts';
import type { SipDoor } from './exchange/sip-door.ts';
import type { Directory } from './exchange/ports.ts';

/** One running organization. */
interface Running {
  readonly exchange: Exchange;
  readonly control: ExchangeControl;
}

/** Every organization's exchange, all of them in this process. */
export class Exchanges {
  readonly #portsFor: (directory: Directory) => ExchangePorts;
  readonly #running = new Map<OrganizationId, Running>();

  constructor(portsFor: (directory: Directory) => ExchangePorts) {
    this.#portsFor = portsFor;
  }

  async start(directory: Directory): Promise<void> {
    const exchange = await Exchange.open(this.#portsFor(directory));
    this.#running.set(directory.organization.id, { exchange, control: new ExchangeControl(exchange) });
  }

  /** @throws where the organization was never started. */
  of(organization: OrganizationId): ExchangeControl {
    const running = this.#running.get(organization);
    if (!running) throw new Error(`organization ${organization} was never started`);
    return running.control;
  }

  doorOf(organization: OrganizationId): SipDoor | undefined {
    return this.#running.get(organization)?.exchange.door;
  }

  /** The sum over all organizations. */
  count(what: 'registrations' | 'calls'): number {
    return [...this.#running.values()].reduce((sum, { exchange }) => sum + exchange.counts[what], 0);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ exchange }) => exchange.close()));
    this.#running.clear();
  }
}
