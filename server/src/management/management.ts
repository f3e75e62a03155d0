import type { World } from '../world/world.ts';
import { Extensions } from './extensions.ts';
import { People } from './people.ts';
import type { AccountBook, Exchanges, Repositories } from './ports.ts';
import { OrganizationSetup } from './setup.ts';
import { Terminals } from './terminals.ts';

interface ManagementPorts extends Repositories {
  readonly accounts: AccountBook;
  readonly exchanges: Exchanges;
  /** Can this server send mail at all? */
  readonly canMail: boolean;
  readonly world: World;
}

/** Everything that people and pages can do, apart from calling. */
export interface Management {
  readonly setup: OrganizationSetup;
  readonly people: People;
  readonly extensions: Extensions;
  readonly terminals: Terminals;
  readonly exchanges: Exchanges;
  /** Reads what is stored and starts the exchange of each organization. */
  start(): Promise<void>;
  /** Stores what is only in memory so far. */
  close(): Promise<void>;
}

export function createManagement(ports: ManagementPorts): Management {
  const { organizations, accounts, exchanges, canMail, world } = ports;
  const { chance } = world;
  const people = new People(ports.people, world);
  const extensions = new Extensions({
    accounts,
    exchanges,
    canMail,
    chance,
  });
  const terminals = new Terminals({ repository: ports.terminals, accounts, extensions, world });
  const setup = new OrganizationSetup({ organizations, people, extensions, exchanges, chance });
  return {
    setup,
    people,
    extensions,
    terminals,
    exchanges,
    start: async () => {
      const stored = await organizations.all();
      await terminals.load();
      for (const organization of stored) {
        await exchanges.start(organization);
        await extensions.follow(organization);
      }
      if (stored.length === 0) setup.open();
    },
    close: () => terminals.close(),
  };
}
