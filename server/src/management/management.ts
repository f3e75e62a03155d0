import type { World } from '../world/world.ts';
import { Extensions } from './extensions.ts';
import { ApiTokens } from './api-tokens.ts';
import { Audit } from './audit.ts';
import { Organizations } from './organizations.ts';
import { People } from './people.ts';
import type { AccountBook, Exchanges, IdentityProvider } from './ports.ts';
import { ProvidedSignIns } from './provided-sign-ins.ts';
import type { Repositories, StoredPerson } from './repositories.ts';
import { SecondFactors } from './second-factors.ts';
import { Sessions } from './sessions.ts';
import { OrganizationSetup } from './setup.ts';
import { StationPins } from './station-pins.ts';
import { Terminals } from './terminals.ts';

interface ManagementPorts extends Repositories {
  readonly accounts: AccountBook;
  readonly exchanges: Exchanges;
  /** Can this server send mail at all? */
  readonly canMail: boolean;
  /** Where people can also sign in. */
  readonly provider?: IdentityProvider | undefined;
  readonly world: World;
}

/** Everything that people and pages can do, apart from calling. */
export interface Management {
  readonly setup: OrganizationSetup;
  readonly organizations: Organizations;
  readonly stationPins: StationPins;
  readonly people: People;
  readonly sessions: Sessions;
  readonly providedSignIns: ProvidedSignIns;
  readonly secondFactors: SecondFactors;
  readonly apiTokens: ApiTokens;
  readonly audit: Audit;
  readonly extensions: Extensions;
  readonly terminals: Terminals;
  readonly exchanges: Exchanges;
  /** Reads what is stored and starts the exchange of each organization. */
  start(): Promise<void>;
  /** Stores what is only in memory so far. */
  close(): Promise<void>;
}

export function createManagement(ports: ManagementPorts): Management {
  const { accounts, exchanges, canMail, world } = ports;
  const { chance } = world;
  const extensions = new Extensions({
    accounts,
    exchanges,
    canMail,
    chance,
  });
  const secondFactors = new SecondFactors({
    repository: ports.secondFactors,
    nameOf: ({ organization }) => extensions.organization(organization).name,
    world,
  });
  const domainOf = ({ organization }: StoredPerson) => extensions.organization(organization).domain;
  const sessions = new Sessions({ repository: ports.people, secondFactors, domainOf, world });
  const { identities } = ports;
  const providedSignIns = new ProvidedSignIns({
    ...{
      provider: ports.provider,
      people: ports.people,
      identities,
      secondFactors,
      sessions,
      domainOf,
      world,
    },
  });
  const people = new People({
    ...{ repository: ports.people, organizations: ports.organizations },
    ...{ identities, secondFactors, extensions, sessions, world },
  });
  const stationPins = new StationPins({ repository: ports.organizations, exchanges, world });
  const organizations = new Organizations({
    repository: ports.organizations,
    ...{ extensions, exchanges, stationPins, chance },
  });
  const terminals = new Terminals({ repository: ports.terminals, accounts, extensions, world });
  const setup = new OrganizationSetup({ organizations, sessions, chance });
  return {
    setup,
    organizations,
    stationPins,
    people,
    sessions,
    providedSignIns,
    secondFactors,
    apiTokens: new ApiTokens({ repository: ports.apiTokens, secondFactors, sessions, world }),
    audit: new Audit(ports.audit, world.clock),
    extensions,
    terminals,
    exchanges,
    start: async () => {
      await terminals.load();
      if ((await organizations.start()) === 0) setup.open();
    },
    close: () => terminals.close(),
  };
}
