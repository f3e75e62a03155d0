import type { OrganizationId, PageEvent, TerminalId, TopicEvent } from '@perch/shared';
import type { Following } from '../../src/cluster/port.ts';
import type { FlowId } from '../../src/sip/transport/flow.ts';
import { Line } from '../phones/line.ts';
import { Person } from '../phones/person.ts';
import { Phone } from '../phones/phone.ts';
import { PHONES_OF_ONE } from '../script.ts';
import { Connection } from '../world/connection.ts';
import { chanceFrom, Dice } from '../world/dice.ts';
import { Disk, DiskFault } from '../world/disk.ts';
import { Life } from '../world/life.ts';
import type { SimulatedClock } from '../world/simulated-clock.ts';
import type { Trace } from '../world/trace.ts';
import { codeOf, type Founded, founded, NUMBERS, tokenOf } from './organizations.ts';
import { Server } from './server.ts';
import { SoundPaths } from './sound-paths.ts';
import { Storage } from './storage.ts';

/** A phone where it stands. */
export interface Place {
  readonly phone: Phone;
  readonly person: Person;
  readonly organization: OrganizationId;
  readonly domain: string;
  readonly number: string;
  readonly terminal: TerminalId;
}

/** What the rules watch. */
export interface Watcher {
  /** The server sends that. */
  sent(place: Place, connection: Connection, frame: string): void;
  /** That arrives at the server. */
  arrives(place: Place, connection: Connection, frame: string): void;
  closed(place: Place, connection: Connection): void;
  /** The server tells the phone's page that. */
  told(place: Place, event: PageEvent): void;
  /** It tells the phone's page nothing more. */
  left(place: Place): void;
  /** Nobody has heard that endpoint of the server for long, and it is still open. */
  outlived(ufrag: string): void;
  failed(error: unknown): void;
  killed(): void;
}

const START_MS = [50, 8_000] as const;

/** Two organizations on one server, and the phones in them. */
export class Town {
  readonly clock: SimulatedClock;
  readonly places: readonly Place[];
  readonly organizations = founded();
  readonly storages = new Map<OrganizationId, Storage>();
  readonly disk: Disk;
  server: Server | undefined;
  life: Life | undefined;
  /** How often the server was started. */
  starts = 0;
  readonly #seed: string;
  readonly #dice: Dice;
  readonly #trace: Trace;
  readonly #watcher: Watcher;
  readonly #connections = new Set<Connection>();
  readonly #sound = new SoundPaths(this, (ufrag) => this.#watcher.outlived(ufrag));
  #flows = 0;
  #isToRun = true;

  constructor(seed: string, clock: SimulatedClock, trace: Trace, watcher: Watcher) {
    this.#seed = seed;
    this.#dice = new Dice(`town ${seed}`);
    this.#trace = trace;
    this.#watcher = watcher;
    this.clock = clock;
    this.disk = new Disk(clock, new Dice(`disk ${seed}`));
    for (const each of this.organizations)
      this.storages.set(each.organization.id, new Storage(each, this.disk));
    this.places = this.organizations.flatMap((each) =>
      Array.from({ length: PHONES_OF_ONE }, (_, at) => this.#place(each, at)),
    );
  }

  storage(organization: OrganizationId): Storage {
    const storage = this.storages.get(organization);
    if (storage === undefined) throw new Error('there is no such organization');
    return storage;
  }

  /** Starts the server, and again whenever it has been killed. */
  async start(): Promise<void> {
    this.starts += 1;
    const life = new Life(this.clock, (deed) => this.#killed(deed));
    this.life = life;
    this.note('server', 'starts');
    const server = await Server.start({
      life,
      chance: chanceFrom(`server ${this.#seed} ${String(this.starts)}`),
      dice: new Dice(`hashes ${this.#seed} ${String(this.starts)}`),
      founded: this.organizations,
      storageOf: (organization) => this.storage(organization),
      failed: (error) => this.failed(life, error),
    });
    if (life.isOver) return;
    this.server = server;
    this.note('server', 'serves');
  }

  /** From now on nothing starts by itself. */
  close(): void {
    this.#isToRun = false;
  }

  /** That process calls it an error of ours; where the simulated disk is its cause, it is none. */
  failed(life: Life, error: unknown): void {
    if (!life.isOver && !isDiskFault(error)) this.#watcher.failed(error);
  }

  note(who: string, what: string): void {
    this.#trace.note(this.clock.monotonic(), who, what);
  }

  #killed(deed: string): void {
    this.note('server', `is killed at ${deed}`);
    this.server = undefined;
    for (const storage of this.storages.values()) storage.killed();
    for (const connection of this.#connections) connection.serverDied();
    this.#connections.clear();
    this.#watcher.killed();
    if (this.#isToRun)
      this.clock.after(this.#dice.between(...START_MS), () => {
        void this.start();
      });
  }

  #place({ organization, extensions }: Founded, at: number): Place {
    const number = NUMBERS[at] ?? NUMBERS[0];
    const extension = extensions.find((each) => each.number === number);
    if (extension === undefined) throw new Error(`there is no ${number}`);
    const color = organization.domain.replace('.example', '');
    const name = `${color}${number}${at < NUMBERS.length ? '' : 'b'}`;
    const dice = new Dice(`phone ${name} ${this.#seed}`);
    const line = new Line({
      clock: this.clock,
      dice,
      ...{ name, number, domain: organization.domain, instance: `urn:uuid:${name}` },
      token: tokenOf(organization.id, number),
      isOurs: number !== '104',
      connect: (user) => {
        const connection: Connection = new Connection(this.#wire(place, dice), {
          opened: () => user.opened(),
          received: (frame) => {
            this.note(name, `< ${frame}`);
            user.received(frame);
          },
          closed: () => {
            this.note(name, 'loses its line');
            user.closed();
          },
        });
        if (this.server !== undefined) this.#connections.add(connection);
        return connection;
      },
      sent: (frame) => {
        this.note(name, `> ${frame}`);
      },
    });
    const phone = new Phone(line);
    const person = new Person(phone, {
      ...{ clock: this.clock, dice, codeOf },
      sound: this.#sound,
      saw: (_phone, event) => {
        this.note(name, JSON.stringify(event));
      },
    });
    const { terminal } = extension;
    const place: Place = {
      phone,
      person,
      organization: organization.id,
      domain: organization.domain,
      number,
      terminal,
    };
    this.#followPage(place);
    return place;
  }

  #wire(place: Place, dice: Dice) {
    const { life, server } = this;
    const isServed = server !== undefined && life !== undefined && !life.isOver;
    const nobody = new Life(this.clock, () => undefined);
    if (!isServed) nobody.kill();
    return {
      clock: this.clock,
      dice,
      life: isServed ? life : nobody,
      listener: {
        opened: (flow: Connection) => server?.edge.opened(flow),
        received: (flow: Connection, frame: string) => server?.edge.received(flow, frame),
        closed: (flow: Connection, reason: string) => {
          this.#connections.delete(flow);
          this.#watcher.closed(place, flow);
          server?.edge.closed(flow, reason);
        },
      },
      id: ++this.#flows as FlowId,
      address: `192.0.2.${String(1 + (this.#flows % 250))}`,
      sent: (flow: Connection, frame: string) => this.#watcher.sent(place, flow, frame),
      arrives: (flow: Connection, frame: string) => this.#watcher.arrives(place, flow, frame),
    };
  }

  /** The page of a phone follows its terminal for as long as it is registered. */
  #followPage(place: Place): void {
    const { phone, organization, terminal } = place;
    const { line } = phone;
    const { registered, lost } = line;
    let following: Following | undefined;
    line.registered = () => {
      const { life, server } = this;
      if (server !== undefined && life !== undefined) {
        following?.close();
        const { connection } = line;
        following = server.control(organization).openPage(terminal, line.world.instance, (event) => {
          if (!isPageEvent(event) || life.isOver) return;
          this.#watcher.told(place, event);
          this.clock.after(1, () => {
            if (line.connection === connection) line.read(() => phone.told(event));
          });
        });
      }
      registered();
    };
    line.lost = () => {
      this.#watcher.left(place);
      following?.close();
      following = undefined;
      lost();
    };
  }
}

const isPageEvent = (event: PageEvent | TopicEvent): event is PageEvent => !('topic' in event);

/** Was it the simulated disk, also as the cause of something? */
function isDiskFault(error: unknown): boolean {
  return error instanceof DiskFault || (error instanceof Error && isDiskFault(error.cause));
}
