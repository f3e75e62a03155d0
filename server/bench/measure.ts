import { setTimeout as pause } from 'node:timers/promises';
import type { Account, Order, Outcomes } from './load.ts';
import type { Peer } from './peer.ts';
import { cpuTicks, Generator, memoryKiB } from './pinned-process.ts';
import { DEPOSITS, type Figures, median, SETUP_RATE } from './report.ts';

/** Phones of the idle and the storm measurement, and the fewer of them that the rates are measured with. */
export const IDLE_PHONES = 5_000;
const BUSY_PHONES = 2_000;
/**
 * How often everything is measured. The servers take turns, so that a slow minute of the machine is everybody's; of the rounds, the
 * median counts.
 */
const ROUNDS = 3;
/** A closed loop is tried with each, and the best counts: servers peak at different loads, and one may break at the last. */
const CONCURRENT_CALLS = [128, 256, 512];
const SETUP_SECONDS = 8;
/** How long each caller speaks who leaves a message. */
const DEPOSIT_SECONDS = 15;
/** `cpuTicks` in a second (USER_HZ). */
const TICKS_A_SECOND = 100;
/** Of the fifty clock ticks in half a second. */
const IDLE_TICKS = 2;
const LONGEST_REST_MS = 15_000;

/** A server to be measured. */
export interface Contender {
  readonly name: string;
  start(accounts: readonly Account[]): Promise<Peer>;
}

/** Puts every load on each of the servers, from an idle crowd to takeovers. `progress` is told what was seen. */
export async function measure(
  contenders: readonly Contender[],
  accounts: readonly Account[],
  progress: (what: string) => void,
): Promise<readonly Figures[]> {
  const benches = contenders.map((contender) => new Bench(contender, accounts, progress));
  try {
    // Each alone, and then from the beginning: after a storm, a server may be busy for long.
    for (const bench of benches) {
      await bench.start();
      await bench.crowd();
      await bench.end();
    }
    for (const bench of benches) await bench.start();
    for (const bench of benches) await bench.connectBusy();
    await inTurns(benches, (bench) => bench.register('cached-nonce'));
    await inTurns(benches, (bench) => bench.register('challenge'));
    await inTurns(benches, (bench) => bench.registerOnFlow());
    for (const bench of benches) await bench.warmUp();
    for (const concurrent of CONCURRENT_CALLS) await inTurns(benches, (bench) => bench.calls(concurrent));
    await inTurns(benches, (bench) => bench.setup());
    for (const bench of benches) await bench.takeovers();
    for (const bench of benches) await bench.deposits();
    return benches.map((bench) => bench.figures());
  } finally {
    await Promise.allSettled(benches.map((bench) => bench.end()));
  }
}

async function inTurns(benches: readonly Bench[], load: (bench: Bench) => Promise<void>): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    for (const bench of round % 2 === 0 ? benches : benches.toReversed()) {
      await load(bench);
      await bench.rest();
    }
  }
}

/** What is done to one server, and what came of it, round by round. */
class Bench {
  readonly #contender: Contender;
  readonly #accounts: readonly Account[];
  readonly #progress: (what: string) => void;
  #running: { readonly peer: Peer; readonly generator: Generator } | undefined;
  #memoryKiBPerPhone = Number.NaN;
  readonly #storms: Outcomes['storm'][] = [];
  readonly #registers = { 'cached-nonce': [] as number[], challenge: [] as number[], flow: [] as number[] };
  readonly #calls = new Map<number, number[]>();
  readonly #setups: Outcomes['setup'][] = [];
  #takeovers: Outcomes['takeovers'] | undefined;
  #deposits: Figures['deposits'];

  constructor(contender: Contender, accounts: readonly Account[], progress: (what: string) => void) {
    this.#contender = contender;
    this.#accounts = accounts;
    this.#progress = progress;
  }

  async start(): Promise<void> {
    this.#running = { peer: await this.#contender.start(this.#accounts), generator: new Generator() };
  }

  async end(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.generator.end();
    await running?.peer.end();
  }

  /** What a server puts off must not be done in another's turn. */
  async rest(): Promise<void> {
    const { pid } = this.#server.peer.server;
    for (let waited = 0, before = cpuTicks(pid); waited < LONGEST_REST_MS; waited += 500) {
      await pause(500);
      const now = cpuTicks(pid);
      if (now - before <= IDLE_TICKS) return;
      before = now;
    }
  }

  /** Every phone is there, idle; then all lose their sockets at once, again and again. */
  async crowd(): Promise<void> {
    const { target } = this.#server.peer;
    this.#tell(`${String(this.#accounts.length)} idle phones`);
    const empty = await this.#restingMemory();
    await this.#order({ kind: 'connect', target, accounts: this.#accounts });
    this.#memoryKiBPerPhone = ((await this.#restingMemory()) - empty) / this.#accounts.length;
    for (let round = 0; round < ROUNDS; round++) {
      const storm = await this.#order({ kind: 'storm' });
      this.#tell(`every phone loses its socket: back after ${storm.seconds.toFixed(2)} s`);
      this.#storms.push(storm);
    }
    await this.#order({ kind: 'disconnect' });
  }

  async connectBusy(): Promise<void> {
    const { target } = this.#server.peer;
    await this.#order({ kind: 'connect', target, accounts: this.#accounts.slice(0, BUSY_PHONES) });
  }

  async register(authentication: 'cached-nonce' | 'challenge' | 'flow'): Promise<void> {
    const { perSecond } = await this.#attempt({ kind: 'register', authentication });
    this.#tell(`re-REGISTER, ${authentication}: ${perSecond.toFixed(0)}/s`);
    this.#registers[authentication].push(perSecond);
  }

  /** Where a flow stays authenticated. */
  async registerOnFlow(): Promise<void> {
    if (this.#server.peer.target.authenticatedFlows) await this.register('flow');
  }

  /** A server that has been running for a while knows its way: its first calls do not count. */
  async warmUp(): Promise<void> {
    for (const concurrent of CONCURRENT_CALLS) await this.#attempt({ kind: 'calls', concurrent });
  }

  async calls(concurrent: number): Promise<void> {
    const rates = this.#calls.get(concurrent) ?? [];
    this.#calls.set(concurrent, rates);
    const { perSecond } = await this.#attempt({ kind: 'calls', concurrent });
    this.#tell(`complete calls, ${String(concurrent)} at once: ${perSecond.toFixed(0)}/s`);
    rates.push(perSecond);
  }

  async setup(): Promise<void> {
    const setup = await this.#order({ kind: 'setup', rate: SETUP_RATE, seconds: SETUP_SECONDS });
    this.#tell(
      `${String(SETUP_RATE)} calls a second: up after ${setup.up.p50.toFixed(2)} ms, p99 ${setup.up.p99.toFixed(2)} ms`,
    );
    this.#setups.push(setup);
  }

  async takeovers(): Promise<void> {
    await this.#order({ kind: 'disconnect' });
    const { desks, target } = this.#server.peer;
    if (desks === undefined) return;
    this.#tell('takeovers');
    this.#takeovers = await this.#order({ kind: 'takeovers', target, ...desks });
  }

  /** Everybody else's phone is off by now. The server's share of its core counts from the first INVITE to the last BYE. */
  async deposits(): Promise<void> {
    const { peer } = this.#server;
    const { target, server } = peer;
    if (peer.messages === undefined) return;
    const [callers, callees] = [
      this.#accounts.slice(0, DEPOSITS),
      this.#accounts.slice(DEPOSITS, 2 * DEPOSITS),
    ];
    const mailboxes = callees.map(({ user }) => user);
    const [ticks, start] = [cpuTicks(server.pid), performance.now()];
    await this.#order({ kind: 'deposits', target, callers, mailboxes, seconds: DEPOSIT_SECONDS });
    const cores = (cpuTicks(server.pid) - ticks) / TICKS_A_SECOND / ((performance.now() - start) / 1000);
    await this.rest();
    const kept = await peer.messages();
    if (kept !== DEPOSITS)
      throw new Error(`${String(DEPOSITS)} messages were left, ${String(kept)} were kept`);
    this.#tell(`${String(DEPOSITS)} callers leave messages: ${cores.toFixed(2)} cores`);
    this.#deposits = { cores };
  }

  figures(): Figures {
    const { 'cached-nonce': register, challenge, flow } = this.#registers;
    return {
      register,
      challenge,
      calls: [...this.#calls.values()].reduce((best, rates) => (median(rates) > median(best) ? rates : best)),
      setup: middle(this.#setups, ({ up }) => up.p99),
      memoryKiBPerPhone: this.#memoryKiBPerPhone,
      storm: middle(this.#storms, ({ seconds }) => seconds),
      ...(flow.length > 0 && { flow }),
      ...(this.#takeovers && { takeovers: this.#takeovers }),
      ...(this.#deposits && { deposits: this.#deposits }),
    };
  }

  get #server(): { readonly peer: Peer; readonly generator: Generator } {
    if (this.#running === undefined) throw new Error(`${this.#contender.name} was not started`);
    return this.#running;
  }

  #tell(what: string): void {
    this.#progress(`${this.#contender.name}: ${what}`);
  }

  /** A server may drop connections that were idle while it was not its turn: it gets them anew, and counts for nothing after that. */
  async #attempt(
    order: Extract<Order, { readonly kind: 'register' | 'calls' }>,
  ): Promise<{ readonly perSecond: number }> {
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        return await this.#order(order);
      } catch (error) {
        this.#tell(`${order.kind} failed: ${String(error).split('\n', 1).join()}`);
        await this.#order({ kind: 'disconnect' });
        await this.connectBusy();
      }
    }
    return { perSecond: 0 };
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

/** The outcome of the round whose `figure` is the median. */
function middle<Outcome>(rounds: readonly Outcome[], figure: (outcome: Outcome) => number): Outcome {
  const sorted = rounds.toSorted((a, b) => figure(a) - figure(b));
  const found = sorted[Math.floor((sorted.length - 1) / 2)];
  if (found === undefined) throw new Error('nothing was measured');
  return found;
}
