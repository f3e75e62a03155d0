import { timingSafeEqual } from 'node:crypto';
import type { Setup } from '@perch/shared';
import { Turns } from '../collections/turns.ts';
import type { Chance } from '../world/chance.ts';
import { type Browser, NO_BROWSER } from './browser.ts';
import type { Organizations } from './organizations.ts';
import { Refusal } from './refusal.ts';
import type { Came, Sessions, SignedIn } from './sessions.ts';
import { slowHash } from './slow-hash.ts';
import { hashOf, newToken } from './tokens.ts';

interface SetupPorts {
  readonly organizations: Organizations;
  readonly sessions: Sessions;
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

  async complete(
    setup: Setup,
    browser: Browser = NO_BROWSER,
    came: Came = () => undefined,
  ): Promise<SignedIn | Refusal> {
    if (!timingSafeEqual(hashOf(setup.token), hashOf(this.#token))) return CLOSED;
    return this.#turns.take(() => this.#complete(setup, browser, came));
  }

  async #complete(
    { organization: wish, administrator: person }: Setup,
    browser: Browser,
    came: Came,
  ): Promise<SignedIn | Refusal> {
    if (!this.#isOpen) return CLOSED;
    const { organizations, sessions, chance } = this.#ports;
    const passwordHash = await slowHash(person.password, chance);
    const created = await organizations.create(wish, {
      email: person.email,
      passwordHash,
      roles: ['operator', 'administrator'],
    });
    if (created instanceof Refusal) return created;
    this.#isOpen = false;
    came(created);
    return sessions.open(created, browser);
  }
}
