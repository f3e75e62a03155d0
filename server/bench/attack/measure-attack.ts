import { constants, setPriority } from 'node:os';
import type { Account, Seen } from '../load.ts';
import type { Peer } from '../peer.ts';
import { startPerch, CHECKOUT } from '../perch/perch.ts';
import { Attacker, Generator, unusedPort } from '../pinned-process.ts';
import { ProcessorTime } from '../processor-time.ts';
import { type Attack, type Counts, pause } from './attack.ts';
import type { Attacked, Field } from './attacker.ts';
import { type AttackFigures, FIRST_SECONDS, joined, type SeenWhile } from './attack-report.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { leftOver, rssMB, ServerCounters, type ServerState } from './server-counters.ts';

/** Accounts of those who are measured: pairs who call, and phones that come and go. */
const CALLERS = 160;
const COMERS = 80;
/** Accounts of the attackers. */
const ATTACKERS = 1_000;
/** Of these, those that have a browser. */
const TOKENS = 50;
/** Until the code of the server is optimized, and each of those who come and go has a binding, which stays: later ones are the attackers'. */
const WARM_UP_SECONDS = 4.2;
/** What is measured in turns then: without the attack, and while it goes on. Five, so that two in which the machine had other work do not count. */
const TURNS = 5;
const TURN_SECONDS = 2;
/** From the beginning of an attack until what it does is measured (milliseconds). */
const ONSET_MS = 250;
/** A server that uses less than this share of its core for so long has done what an attack has left, but for what it does later on purpose. */
const RECOVERED = { share: 0.05, ms: 300 };
/** How often memory is looked at (milliseconds). */
const MEMORY_MS = 100;
/** How long a server may take until it has nothing left of an attack (milliseconds), when that is looked at first, and how often then. */
const SETTLING_MS = 120_000;
const FIRST_LOOK_MS = 400;
const SETTLING_LOOK_MS = 2_000;
const METRICS_TOKEN = 'metrics-of-the-attacked-server';

const FIRST_NUMBER = 20_000;
const accounts = (first: number, count: number): readonly Account[] =>
  Array.from({ length: count }, (_, index) => {
    const user = String(FIRST_NUMBER + first + index);
    return { user, username: user, password: `pw-${user}` };
  });

/** Servers that still have something of an attack stand beside the one that is attacked: nobody looks at them while that is measured. */
const looks = new OneAtATime();

/**
 * Attacks one server, with one attack after the other, and measures what others see of each. An attack begins once nothing is left of the one before.
 * Resolves once the last is over; its figures, for which what it leaves behind has to be gone, come when they are there.
 */
export async function measureAttacks(attacks: readonly Attack[]): Promise<readonly Promise<AttackFigures>[]> {
  const attackers = accounts(0, ATTACKERS);
  const [callers, comers] = [accounts(ATTACKERS, CALLERS), accounts(ATTACKERS + CALLERS, COMERS)];
  const mediaPort = await unusedPort();
  const peer = await startPerch(CHECKOUT, [...attackers, ...callers, ...comers], TOKENS, {
    PERCH_METRICS_TOKEN: METRICS_TOKEN,
    PERCH_MEDIA_PORT: String(mediaPort),
  });
  const field = { target: peer.target, accounts: attackers, tokens: peer.pages ?? [], mediaPort };
  const generator = new Generator();
  const end = async (): Promise<void> => {
    generator.end();
    await peer.end();
  };
  const all: Promise<AttackFigures>[] = [];
  try {
    await generator.order({ kind: 'bystanders', target: peer.target, callers, comers });
    await generator.order({ kind: 'bystand', seconds: WARM_UP_SECONDS });
    for (const attack of attacks) {
      process.stderr.write(`${attack.name}: ${attack.what}\n`);
      await Promise.all(all);
      all.push((await measured(attack, peer, generator, field)).settled);
    }
  } catch (error) {
    await end();
    throw new Error(`${String(error)}\n${peer.server.output}`, { cause: error });
  }
  const ended = Promise.allSettled(all).then(end);
  return all.map((settled) => ended.then(() => settled));
}

/** Resolves once the attack is over, with what is known once nothing is left of it. */
async function measured(
  attack: Attack,
  peer: Peer,
  generator: Generator,
  field: Field,
): Promise<{ readonly settled: Promise<AttackFigures> }> {
  const attacker = new Attacker();
  try {
    const siege = new Siege(peer, generator, attacker);
    const before = await looks.run(() => siege.resting());
    await siege.lay(attack, field);
    const settled = siege.settled(before, attack);
    // It is waited for later.
    settled.catch(() => undefined);
    return { settled };
  } finally {
    attacker.end();
  }
}

/** One server while it is attacked. */
class Siege {
  readonly #peer: Peer;
  readonly #generator: Generator;
  readonly #attacker: Attacker;
  readonly #counters: ServerCounters;
  readonly #processor: ProcessorTime;
  readonly #quiet: Turn[] = [];
  readonly #attacked: Turn[] = [];
  readonly #done: Attacked[] = [];
  #first: Turn | undefined;
  #highestRss = 0;
  #highestHeap = 0;

  constructor(peer: Peer, generator: Generator, attacker: Attacker) {
    const { pid, port } = peer.target;
    this.#peer = peer;
    this.#generator = generator;
    this.#attacker = attacker;
    this.#counters = new ServerCounters(pid, port, METRICS_TOKEN);
    this.#processor = new ProcessorTime(pid);
  }

  /** What the server has once its garbage is collected. */
  async resting(): Promise<ServerState> {
    await pause(300);
    this.#peer.collectGarbage?.();
    await pause(200);
    return this.#counters.read();
  }

  /** The first seconds of the attack, then turns without it and with it; one that takes long to begin is begun once. */
  async lay(attack: Attack, field: Field): Promise<void> {
    if (attack.onsetMs === undefined) await this.#begin(attack, field);
    const stretches = attack.onsetMs === undefined ? TURNS : 1;
    for (let stretch = 0; stretch < stretches; stretch++) {
      for (let turn = 0; turn < TURNS / stretches; turn++) await this.#rest();
      await this.#attack(attack, field, TURNS / stretches);
    }
  }

  async #begin(attack: Attack, field: Field): Promise<void> {
    await this.#processor.readAtRest(RECOVERED);
    await this.#attacker.begin({ kind: 'begin', attack: attack.name, ...field });
    this.#first = await this.#watched(FIRST_SECONDS);
    await this.#attacker.stop();
  }

  /** Without the attack, once the server has done what the turn before has left. */
  async #rest(): Promise<void> {
    await this.#processor.readAtRest(RECOVERED);
    this.#quiet.push(await this.#watched());
  }

  async #attack(attack: Attack, field: Field, turns: number): Promise<void> {
    const watching = setInterval(() => this.#lookAtMemory(), MEMORY_MS);
    await this.#attacker.begin({ kind: 'begin', attack: attack.name, ...field });
    await pause(attack.onsetMs ?? ONSET_MS);
    for (let turn = 0; turn < turns; turn++) this.#attacked.push(await this.#watched());
    await this.#lookAtHeap();
    this.#done.push(await this.#attacker.stop());
    clearInterval(watching);
  }

  /** Waits until the server has nothing left of the attack, or too long. */
  async settled(before: ServerState, attack: Attack): Promise<AttackFigures> {
    // While others are measured, it has what they leave of the core.
    setPriority(this.#peer.target.pid, constants.priority.PRIORITY_LOW);
    const start = performance.now();
    const left = async (): Promise<Counts> =>
      leftOver(before.levels, (await looks.run(() => this.#counters.read())).levels);
    await pause(FIRST_LOOK_MS);
    let remains = await left();
    while (Object.keys(remains).length > 0 && performance.now() - start < SETTLING_MS) {
      await pause(SETTLING_LOOK_MS);
      remains = await left();
    }
    const seconds = (performance.now() - start) / 1000;
    const after = await looks.run(() => this.resting());
    setPriority(this.#peer.target.pid, constants.priority.PRIORITY_NORMAL);
    const memory = (state: ServerState) => ({ rssMB: state.rssMB, heapMB: state.heapMB });
    return {
      name: attack.name,
      what: attack.what,
      attacked: joined(this.#done),
      ...(this.#first && { first: seenIn([this.#first]) }),
      quiet: seenIn(this.#quiet),
      during: seenIn(this.#attacked),
      memory: {
        before: memory(before),
        highest: { rssMB: this.#highestRss, heapMB: this.#highestHeap },
        after: memory(after),
      },
      settling: { seconds, left: remains },
      failures: after.failures - before.failures,
    };
  }

  #watched(seconds = TURN_SECONDS): Promise<Turn> {
    return looks.run(() => this.#watch(seconds));
  }

  async #watch(seconds: number): Promise<Turn> {
    const [cpu, start] = [this.#processor.read(), performance.now()];
    const seen = await this.#generator.order({ kind: 'bystand', seconds });
    const cores = (this.#processor.read() - cpu) / 1000 / (performance.now() - start);
    return { ...seen, cores };
  }

  #lookAtMemory(): void {
    this.#highestRss = Math.max(this.#highestRss, rssMB(this.#peer.target.pid));
  }

  async #lookAtHeap(): Promise<void> {
    this.#highestHeap = Math.max(this.#highestHeap, (await this.#counters.read()).heapMB);
  }
}

type Turn = Seen & { readonly cores: number };

/** All turns of a kind together. */
function seenIn(turns: readonly Turn[]): SeenWhile {
  return {
    turns: turns.map(({ setups, registrations }) => ({ setups, registrations })),
    failures: [...new Set(turns.flatMap(({ failures }) => failures))],
    cores: turns.reduce((sum, { cores }) => sum + cores, 0) / turns.length,
  };
}
