import {
  type Language,
  organizationId,
  type NewOrganization,
  type OrganizationId,
  type OrganizationView,
  type Retention,
  type StayLimits,
} from '@perch/shared';
import { Turns } from '../collections/turns.ts';
import type { Organization } from '../exchange/ports.ts';
import type { Chance } from '../world/chance.ts';
import type { Extensions } from './extensions.ts';
import type { Exchanges } from './ports.ts';
import type { OrganizationRepository, StoredPerson } from './repositories.ts';
import { Refusal } from './refusal.ts';
import type { StationPins } from './station-pins.ts';

interface OrganizationsPorts {
  readonly repository: OrganizationRepository;
  readonly extensions: Extensions;
  readonly exchanges: Exchanges;
  readonly stationPins: Pick<StationPins, 'begin'>;
  readonly chance: Chance;
}

/** The organizations of this server. */
export class Organizations {
  readonly #ports: OrganizationsPorts;
  readonly #turns = new Turns();

  constructor(ports: OrganizationsPorts) {
    this.#ports = ports;
  }

  /** Starts those that are stored. @returns how many. */
  async start(): Promise<number> {
    const stored = await this.#ports.repository.all();
    for (const organization of stored) await this.#run(organization);
    return stored.length;
  }

  /** What operators may know of each, in the order of their names. */
  all(): OrganizationView[] {
    const all = this.#ports.extensions.organizations().map(({ name, domain }) => ({ name, domain }));
    return all.sort((a, b) => a.name.localeCompare(b.name));
  }

  /** In which its days are counted: an IANA name; that of the server until one is chosen. */
  async timeZone(organization: OrganizationId): Promise<string> {
    const chosen = await this.#ports.repository.timeZone(organization);
    return chosen ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  }

  /** Also the times of day at which stays end are counted in it. */
  async setTimeZone(organization: OrganizationId, timeZone: string): Promise<void> {
    await this.#ports.repository.setTimeZone(organization, timeZone);
    await this.#tellStayRules(organization);
  }

  /** Of all who have none of their own; `null` until one is chosen. */
  language(organization: OrganizationId): Promise<Language | null> {
    return this.#ports.repository.language(organization);
  }

  async setLanguage(organization: OrganizationId, language: Language | null): Promise<void> {
    await this.#ports.repository.setLanguage(organization, language);
    await this.#tellLanguage(organization);
  }

  /** What ends stays at desks by itself. */
  stayLimits(organization: OrganizationId): Promise<StayLimits> {
    return this.#ports.repository.stayLimits(organization);
  }

  async setStayLimits(organization: OrganizationId, limits: StayLimits): Promise<void> {
    await this.#ports.repository.setStayLimits(organization, limits);
    await this.#tellStayRules(organization);
  }

  retention(organization: OrganizationId): Promise<Retention> {
    return this.#ports.repository.retention(organization);
  }

  async setRetention(organization: OrganizationId, retention: Retention): Promise<void> {
    await this.#ports.repository.setRetention(organization, retention);
    await this.#tellRetention(organization);
  }

  /** How long each organization keeps what. */
  async keepings() {
    const all = await this.#ports.repository.all();
    return Promise.all(
      all.map(async ({ id: organization }) => ({
        organization,
        retention: await this.retention(organization),
        timeZone: await this.timeZone(organization),
      })),
    );
  }

  /** Stores an organization with its first person, and runs it: phones can connect from now on. */
  create(
    { name, domain, emergencyNumbers }: Omit<NewOrganization, 'administrator'>,
    first: Pick<StoredPerson, 'email' | 'passwordHash' | 'roles'>,
  ): Promise<StoredPerson | Refusal> {
    return this.#turns.take(async () => {
      const { repository, extensions, chance } = this.#ports;
      if (extensions.organizations().some((known) => known.domain === domain)) return DOMAIN_TAKEN;
      const organization: Organization = {
        id: organizationId(chance.id()),
        ...{ name, domain, emergencyNumbers },
      };
      const nothing = { extension: null, groups: null, language: null };
      const person = { id: chance.id(), organization: organization.id, ...nothing, ...first };
      await repository.create(organization, person);
      await this.#run(organization);
      return person;
    });
  }

  async #run(organization: Organization): Promise<void> {
    await this.#ports.exchanges.start(organization);
    await this.#ports.extensions.follow(organization);
    await this.#tellLanguage(organization.id);
    await this.#tellStayRules(organization.id);
    await this.#tellRetention(organization.id);
    await this.#ports.stationPins.begin(organization.id);
  }

  async #tellLanguage(organization: OrganizationId): Promise<void> {
    await this.#ports.exchanges.of(organization).setLanguage(await this.language(organization));
  }

  async #tellRetention(organization: OrganizationId): Promise<void> {
    const { voicemailDays } = await this.retention(organization);
    await this.#ports.exchanges.of(organization).keepVoicemail(voicemailDays);
  }

  async #tellStayRules(organization: OrganizationId): Promise<void> {
    const limits = await this.stayLimits(organization);
    await this.#ports.exchanges.of(organization).setStayRules(limits, await this.timeZone(organization));
  }
}

const DOMAIN_TAKEN = new Refusal('domain-taken', 'Another organization of this server has that domain.');
