import type { OrganizationId } from '@perch/shared';
import type { ExchangePorts } from '../exchange/exchange-ports.ts';
import { Exchange } from '../exchange/exchange.ts';
import { Organization } from '../exchange/organization.ts';
import { LadderShelf } from '../exchange/ladder/ladder-shelf.ts';
import type { OrganizationCounts } from '../exchange/contract/commands.ts';
import type { Organization as Founded } from '../exchange/ports.ts';
import { OrganizationControl } from './organization-control.ts';
import type { OrganizationPort } from './port.ts';

interface Running {
  readonly exchange: Exchange;
  readonly port: OrganizationPort;
  readonly control: OrganizationControl;
}

/** What an exchange needs, but for what those of one process share. */
type LocalPorts = Omit<ExchangePorts, 'ladderBoard'>;

/** How an organization's border is crossed. */
export type Border = (organization: OrganizationPort) => OrganizationPort;

/** Within one process everything is handed along as it is: parsed messages, and one object for all pages that are told the same. */
export const withinProcess: Border = (organization) => organization;

/** Every organization's exchange, all of them in this process. */
export class LocalOrganizations {
  readonly #portsFor: (organization: Founded) => LocalPorts;
  readonly #border: Border;
  readonly #ladderShelf = new LadderShelf();
  readonly #running = new Map<OrganizationId, Running>();

  constructor(portsFor: (organization: Founded) => LocalPorts, border: Border) {
    this.#portsFor = portsFor;
    this.#border = border;
  }

  async start(organization: Founded): Promise<void> {
    const exchange = await Exchange.open({
      ...this.#portsFor(organization),
      ladderBoard: this.#ladderShelf.board(),
    });
    const port = this.#border(new Organization(exchange));
    const control = new OrganizationControl(port);
    this.#running.set(organization.id, { exchange, port, control });
  }

  /** @throws where the organization was never started. */
  of(organization: OrganizationId): OrganizationControl {
    const running = this.#running.get(organization);
    if (!running) throw new Error(`organization ${organization} was never started`);
    return running.control;
  }

  portOf(organization: OrganizationId): OrganizationPort | undefined {
    return this.#running.get(organization)?.port;
  }

  /** The sum over all organizations. */
  async count(what: keyof OrganizationCounts): Promise<number> {
    const counts = await Promise.all(
      [...this.#running.values()].map(({ port }) => port.ask({ kind: 'count' })),
    );
    return counts.reduce((sum, each) => sum + each[what], 0);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ exchange }) => exchange.close()));
    this.#running.clear();
  }
}
