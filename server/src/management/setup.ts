import { timingSafeEqual } from 'node:crypto';
import { organizationId } from '@perch/shared';
import type { Setup } from '@perch/shared';
import type { Organization } from '../exchange/ports.ts';
import { Turns } from '../collections/turns.ts';
import type { Chance } from '../world/chance.ts';
import type { Extensions } from './extensions.ts';
import { type Browser, NO_BROWSER } from './browser.ts';
import type { People, SignedIn } from './people.ts';
import type { Exchanges, OrganizationRepository, StoredPerson } from './ports.ts';
import { Refusal } from './refusal.ts';
import { slowHash } from './slow-hash.ts';
import { hashOf, newToken } from './tokens.ts';

interface SetupPorts {
  readonly organizations: OrganizationRepository;
  readonly people: People;
  readonly extensions: Extensions;
  readonly exchanges: Exchanges;
  readonly chance: Chance;
}

const CLOSED = new Refusal(
  'setup-closed',
  'This link has been used already, or is from an earlier start. The server prints a new one when it starts.',
);

/** The first step: anyone with the link that the server printed can create the organization and its administrator, who also operates the server. */
export class OrganizationSetup {
  readonly #ports: SetupPorts;
  readonly #token: string;
  /** Two requests may come with the same link. */
  readonly #turns = new Turns();
  #isOpen = false;

  constructor(ports: SetupPorts) {
    this.#ports = ports;
    this.#token = newToken(ports.chance);
  }

  /** The link works from now on: nothing is stored yet. */
  open(): void {
    this.#isOpen = true;
  }

  /** `undefined` once there is an organization. */
  get token(): string | undefined {
    return this.#isOpen ? this.#token : undefined;
  }

  async complete(setup: Setup, browser: Browser = NO_BROWSER): Promise<SignedIn | Refusal> {
    if (!timingSafeEqual(hashOf(setup.token), hashOf(this.#token))) return CLOSED;
    return this.#turns.take(() => this.#complete(setup, browser));
  }

  async #complete(
    { organization: wish, administrator: person }: Setup,
    browser: Browser,
  ): Promise<SignedIn | Refusal> {
    if (!this.#isOpen) return CLOSED;
    const passwordHash = await slowHash(person.password, this.#ports.chance);
    const organization: Organization = { id: organizationId(this.#ports.chance.id()), ...wish };
    const administrator: StoredPerson = {
      id: this.#ports.chance.id(),
      organization: organization.id,
      email: person.email,
      passwordHash,
      roles: ['operator', 'administrator'],
      extension: null,
      groups: null,
    };
    await this.#ports.organizations.create(organization, administrator);
    this.#isOpen = false;
    await this.#ports.exchanges.start(organization);
    await this.#ports.extensions.follow(organization);
    return this.#ports.people.open(administrator, browser);
  }
}
