import { setTimeout as pause } from 'node:timers/promises';
import type { Room } from './conference/start-room.ts';
import type { Account, Authentication, Cost, Order, Outcomes, Throughput } from './load.ts';
import type { Peer } from './peer.ts';
import { Generator, memoryKiB } from './pinned-process.ts';
import { ProcessorTime } from './processor-time.ts';
import { DEPOSITS, type Figures, PAGES, PARTICIPANTS, SETUP_RATE } from './report.ts';

/** Phones for measuring the rates; the idle and the storm measurement use every account. */
const BUSY_PHONES = 2_000;
/** As many calls are under way at once, at every server: what a call costs depends on it. */
const CALLS = { kind: 'calls', concurrent: 256 } as const;
/** Loads that are not counted. */
const WARM_UP_LOADS = 3;
/** Calls made to a server that has just started, and how many of them are under way at once. */
const FIRST_CALLS = 1_000;
const FIRST_CALLERS = 32;
const SETUP_SECONDS = 4;
/** How long each caller speaks when leaving a message. */
const DEPOSIT_SECONDS = 8;
/** How long a conference is measured, of each kind. */
const CONFERENCE_SECONDS = 6;
/** How often the phone that pages show changes. */
const PAGE_CHANGES = 6;

/** A server to be measured. */
export interface Contender {
  readonly name: string;
  /** `pages` of the accounts have a page, where the server has pages. */
  start(accounts: readonly Account[], pages: number): Promise<Peer>;
  /** A conference's sound by itself, where the server mixes any. */
  startRoom?(): Promise<Room>;
}

/** Measures one server and keeps the results, round by round. */
export class ServerUnderLoad {
  readonly #contender: Contender;
  readonly #accounts: readonly Account[];
  readonly #progress: (what: string) => void;
  #running:
    | { readonly peer: Peer; readonly generator: Generator; readonly processor: ProcessorTime }
    | undefined;
  #memoryKiBPerPhone: number | undefined;
  readonly #storms: Outcomes['storm'][] = [];
  readonly #firstCalls: Cost[] = [];
  readonly #registers: Record<Authentication, Throughput[]> = {
    'cached-nonce': [],
    challenge: [],
    flow: [],
  };
  readonly #calls: Throughput[] = [];
  readonly #setups: Outcomes['setup'][] = [];
  #takeovers: Outcomes['takeovers'] | undefined;
  #deposits: Figures['deposits'];
  readonly #conferences: Outcomes['conference'][] = [];
  #pages: Figures['pages'] = [];

  constructor(contender: Contender, accounts: readonly Account[], progress: (what: string) => void) {
    this.#contender = contender;
    this.#accounts = accounts;
    this.#progress = progress;
  }

  async start(accounts: readonly Account[] = this.#accounts, pages = 0): Promise<void> {
    const peer = await this.#contender.start(accounts, pages);
    this.#running = { peer, generator: new Generator(), processor: new ProcessorTime(peer.server.pid) };
  }

  async end(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.generator.end();
    await running?.peer.end();
  }

  /** Connects every phone. */
  async crowd(): Promise<void> {
    this.#tell(`${String(this.#accounts.length)} phones`);
    await this.#connect(this.#accounts);
  }

  /** Connects every phone and lets nothing happen. */
  async idle(): Promise<void> {
    const empty = await this.#restingMemory();
    await this.crowd();
    this.#memoryKiBPerPhone = ((await this.#restingMemory()) - empty) / this.#accounts.length;
    this.#tell(`${this.#memoryKiBPerPhone.toFixed(1)} KiB for each idle phone`);
  }

  /** All phones of the crowd lose their sockets at once. */
  async storm(): Promise<void> {
    const storm = await this.#order({ kind: 'storm' });
    this.#tell(
      `every phone loses its socket: back after ${storm.seconds.toFixed(2)} s, ${inMicroseconds(storm)} each`,
    );
    this.#storms.push(storm);
  }

  /** The first calls of a server that has only just started. */
  async firstCalls(): Promise<void> {
    const accounts = this.#accounts.slice(0, 2 * FIRST_CALLERS);
    await this.start(accounts);
    await this.#connect(accounts);
    await this.#server.processor.readAtRest();
    const cost = await this.#order({
      kind: 'first-calls',
      count: FIRST_CALLS,
      concurrent: FIRST_CALLERS,
    });
    this.#tell(`the first ${String(FIRST_CALLS)} calls: ${inMicroseconds(cost)} each`);
    this.#firstCalls.push(cost);
    await this.end();
  }

  connectBusy(): Promise<void> {
    return this.#connect(this.#accounts.slice(0, BUSY_PHONES));
  }

  async disconnect(): Promise<void> {
    await this.#order({ kind: 'disconnect' });
  }

  async register(authentication: Authentication): Promise<void> {
    const seen = await this.#attempt({ kind: 'register', authentication });
    if (seen === undefined) return;
    this.#tell(`re-REGISTER, ${authentication}: ${perSecond(seen)}, ${inMicroseconds(seen)} each`);
    this.#registers[authentication].push(seen);
  }

  /** Only where a flow stays authenticated. */
  async registerOnFlow(): Promise<void> {
    if (this.#server.peer.target.authenticatedFlows) await this.register('flow');
  }

  /** Runs the code until it is optimized, as in a server that has been running for a while. */
  async warmUpRegisters(): Promise<void> {
    for (const authentication of ['cached-nonce', 'challenge'] as const)
      await this.#attempt({ kind: 'register', authentication });
  }

  /** Runs the code until it is optimized. */
  async warmUpCalls(): Promise<void> {
    for (let load = 0; load < WARM_UP_LOADS; load++) await this.#attempt(CALLS);
  }

  async calls(): Promise<void> {
    const seen = await this.#attempt(CALLS);
    if (seen === undefined) return;
    this.#tell(`complete calls: ${perSecond(seen)}, ${inMicroseconds(seen)} each`);
    this.#calls.push(seen);
  }

  async setup(): Promise<void> {
    const setup = await this.#order({ kind: 'setup', rate: SETUP_RATE, seconds: SETUP_SECONDS });
    const { p50, p99 } = setup.up;
    this.#tell(
      `${String(SETUP_RATE)} calls a second: up after ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, ${inMicroseconds(setup)} each`,
    );
    this.#setups.push(setup);
  }

  async takeovers(): Promise<void> {
    const { desks, target } = this.#server.peer;
    if (desks === undefined) return;
    this.#takeovers = await this.#order({ kind: 'takeovers', target, ...desks });
    this.#tell(`takeovers: ${perSecond(this.#takeovers)}, ${inMicroseconds(this.#takeovers)} each`);
  }

  /** All other phones are off by now. The server's share of its core counts from the first INVITE to the last BYE. */
  async deposits(): Promise<void> {
    const { peer, processor } = this.#server;
    const { target } = peer;
    if (peer.messages === undefined) return;
    const [callers, callees] = [
      this.#accounts.slice(0, DEPOSITS),
      this.#accounts.slice(DEPOSITS, 2 * DEPOSITS),
    ];
    const mailboxes = callees.map(({ user }) => user);
    const [before, start] = [processor.read(), performance.now()];
    await this.#order({ kind: 'deposits', target, callers, mailboxes, seconds: DEPOSIT_SECONDS });
    const cores = (processor.read() - before) / 1000 / (performance.now() - start);
    await processor.readAtRest();
    const kept = await peer.messages();
    if (kept !== DEPOSITS)
      throw new Error(`${String(DEPOSITS)} messages were left, ${String(kept)} were kept`);
    this.#tell(`${String(DEPOSITS)} callers leave messages: ${cores.toFixed(2)} cores`);
    this.#deposits = { cores };
  }

  /** The sound of a conference, in a process of its own: it costs the same in a server, where it cannot be told from the rest. */
  async confer(): Promise<void> {
    const room = await this.#contender.startRoom?.();
    if (room === undefined) return;
    const generator = new Generator();
    try {
      const { server, port } = room;
      const cost = await generator.order<'conference'>({
        kind: 'conference',
        ...{ pid: server.pid, port, participants: PARTICIPANTS, seconds: CONFERENCE_SECONDS },
      });
      this.#tell(
        `a conference of ${String(PARTICIPANTS)}: ${cost.one.toFixed(3)} cores where one speaks, ${cost.all.toFixed(3)} where all do`,
      );
      this.#conferences.push(cost);
    } finally {
      generator.end();
      await room.server.end();
    }
  }

  /** One phone changes in an organization where every extension has a page. */
  async changePages(): Promise<void> {
    const most = Math.max(...PAGES);
    await this.start(this.#accounts.slice(0, most), most);
    const { pages: tokens = [], target } = this.#server.peer;
    const [account] = this.#accounts;
    if (account !== undefined && tokens.length > 0) {
      this.#pages = await this.#order({
        kind: 'pages',
        target,
        account,
        tokens,
        shown: PAGES,
        changes: PAGE_CHANGES,
      });
      for (const { pages, octets, seconds, ...cost } of this.#pages)
        this.#tell(
          `a change that ${String(pages)} pages show: ${inMicroseconds(cost)}, ${String(octets)} octets, ${seconds.toFixed(2)} s`,
        );
    }
    await this.end();
  }

  figures(): Figures {
    return {
      memoryKiBPerPhone: this.#memoryKiBPerPhone,
      storms: this.#storms,
      firstCalls: this.#firstCalls,
      registers: this.#registers,
      calls: this.#calls,
      setups: this.#setups,
      takeovers: this.#takeovers,
      deposits: this.#deposits,
      conferences: this.#conferences,
      pages: this.#pages,
    };
  }

  get #server() {
    if (this.#running === undefined) throw new Error(`${this.#contender.name} was not started`);
    return this.#running;
  }

  #tell(what: string): void {
    this.#progress(`${this.#contender.name}: ${what}`);
  }

  async #connect(accounts: readonly Account[]): Promise<void> {
    await this.#order({ kind: 'connect', target: this.#server.peer.target, accounts });
  }

  /** A server may drop connections that were idle in others' turns: then they are made again, and that result does not count. */
  async #attempt(
    order: Extract<Order, { readonly kind: 'register' | 'calls' }>,
  ): Promise<Throughput | undefined> {
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        return await this.#order(order);
      } catch (error) {
        this.#tell(`${order.kind} failed: ${String(error).split('\n', 1).join()}`);
        await this.disconnect();
        await this.connectBusy();
      }
    }
    return undefined;
  }

  async #order<Kind extends Order['kind']>(order: Order & { readonly kind: Kind }): Promise<Outcomes[Kind]> {
    const { generator, peer } = this.#server;
    try {
      return await generator.order<Kind>(order);
    } catch (error) {
      throw new Error(`${this.#contender.name}: ${String(error)}\n${peer.server.output}`, { cause: error });
    }
  }

  /** KiB once the server has come to rest and, where it can be asked to, collected its garbage. */
  async #restingMemory(): Promise<number> {
    await pause(3_000);
    const { peer } = this.#server;
    peer.collectGarbage?.();
    await pause(2_000);
    return memoryKiB(peer.server.pid);
  }
}

const perSecond = ({ perSecond: rate }: Throughput): string => `${rate.toFixed(0)}/s`;
const inMicroseconds = ({ cpuMicroseconds }: Cost): string => `${cpuMicroseconds.toFixed(1)} µs`;
