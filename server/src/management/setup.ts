import { timingSafeEqual } from 'node:crypto';
import { organizationId } from '@perch/shared';
import type { Setup } from '@perch/shared';
import type { Organization } from '../exchange/ports.ts';
import type { Chance } from '../world/chance.ts';
import type { Administrators, OpenedSession } from './administrators.ts';
import type { Extensions } from './extensions.ts';
import type { Exchanges, OrganizationRepository } from './ports.ts';
import { Refusal } from './refusal.ts';
import { slowHash } from './slow-hash.ts';
import { hashOf, newToken } from './tokens.ts';

interface SetupPorts {
  readonly organizations: OrganizationRepository;
  readonly administrators: Administrators;
  readonly extensions: Extensions;
  readonly exchanges: Exchanges;
  readonly chance: Chance;
}

const CLOSED = new Refusal(
  'setup-closed',
  'This link has been used already, or is from an earlier start. The server prints a new one when it starts.',
);

/** The first step: anyone with the link that the server printed can create the organization and its administrator. */
export class OrganizationSetup {
  readonly #ports: SetupPorts;
  readonly #token: string;

  constructor(ports: SetupPorts) {
    this.#ports = ports;
    this.#token = newToken(ports.chance);
  }

  /** `undefined` once there is an organization. */
  get token(): string | undefined {
    return this.#ports.organizations.all().length === 0 ? this.#token : undefined;
  }

  async complete({
    token,
    organization: wish,
    administrator: person,
  }: Setup): Promise<OpenedSession | Refusal> {
    if (!timingSafeEqual(hashOf(token), hashOf(this.#token))) return CLOSED;
    const passwordHash = await slowHash(person.password, this.#ports.chance);
    // Checked again: two requests may have come with the same link.
    if (this.token === undefined) return CLOSED;
    const organization: Organization = { id: organizationId(this.#ports.chance.id()), ...wish };
    const administrator = {
      id: this.#ports.chance.id(),
      organization: organization.id,
      email: person.email,
      passwordHash,
    };
    this.#ports.organizations.create(organization, administrator);
    await this.#ports.exchanges.start(this.#ports.extensions.addOrganization(organization));
    return this.#ports.administrators.open(administrator);
  }
}
