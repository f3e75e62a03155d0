import type { Figures } from '@perch/shared';
import { CallHouse, idOf, type Phone, terminalAt } from '../../exchange/call/support/call-house.ts';
import type { FakeLeg } from '../../sip/user-agent/support/fake-leg.ts';

/** Their home phones are switched off: they work at stations only. */
export const AGENTS = ['101', '102'] as const;
export const STATIONS = ['201', '202', '203'] as const;
/** At home, with a phone. */
export const CALLERS = ['103', '104'] as const;

type Agent = (typeof AGENTS)[number];
type Station = (typeof STATIONS)[number];

export type Move =
  | { readonly kind: 'sits'; readonly agent: Agent; readonly station: Station }
  | { readonly kind: 'leaves'; readonly agent: Agent }
  | { readonly kind: 'waits'; readonly ms: number }
  | {
      readonly kind: 'called';
      readonly agent: Agent;
      readonly caller: (typeof CALLERS)[number];
      readonly ringMs: number;
      readonly talkMs: number;
      readonly holdMs: number;
      readonly outcome: 'answers' | 'declines' | 'gives up' | 'nobody';
      /** To the other agent, or where that one sits nowhere, to the other caller. */
      readonly transferred: boolean;
    }
  | { readonly kind: 'calls'; readonly agent: Agent; readonly talkMs: number }
  /** At a station where nobody sits, and only then sits down there; the call is claimed, or stays the desk's. */
  | {
      readonly kind: 'calls first';
      readonly agent: Agent;
      readonly station: Station;
      readonly talkMs: number;
      readonly isClaimed: boolean;
    };

const COUNTED = [
  ...['offered', 'handled', 'missed', 'declined', 'outgoing', 'transferred', 'talkMs', 'holdMs'],
  'loggedInMs',
] as const satisfies readonly (keyof Figures)[];

/** What somebody who watches an extension would count. */
export type Count = Record<(typeof COUNTED)[number], number>;

const TALK = 'm=audio 9 RTP/SAVPF 111\r\na=sendrecv\r\n';
const HOLD = 'm=audio 9 RTP/SAVPF 111\r\na=sendonly\r\n';
const NO_ANSWER_MS = 25_000;

/** For tests: a shift of two agents at three stations, and a count of it that knows nothing of records. */
export class Shift {
  readonly house = new CallHouse();
  /** Who was a guest where (milliseconds since 1970). */
  readonly stays: { extension: string; terminal: string; from: number; until: number }[] = [];
  /** The calls that agents say they have made at a station, at which they sit since then. */
  readonly claims: {
    readonly call: string;
    readonly claimant: Agent;
    readonly station: Station;
    readonly since: number;
  }[] = [];
  wasSentHome = false;
  readonly #phones = new Map<string, Phone>();
  readonly #seats = new Map<Agent, { readonly station: Station; readonly since: number }>();
  readonly #counts = new Map<string, Count>();

  constructor() {
    for (const number of STATIONS.slice(1)) this.house.hire(number);
    for (const number of [...STATIONS, ...CALLERS]) this.#phones.set(number, this.house.register(number));
  }

  countOf(number: string): Count {
    const known = this.#counts.get(number);
    if (known !== undefined) return known;
    const count = Object.fromEntries(COUNTED.map((name) => [name, 0])) as Count;
    this.#counts.set(number, count);
    return count;
  }

  /** Everyone goes home. */
  end(): void {
    for (const agent of [...this.#seats.keys()]) this.#leave(agent);
  }

  async make(move: Move): Promise<void> {
    switch (move.kind) {
      case 'sits':
        this.#sit(move.agent, move.station);
        return;
      case 'leaves':
        this.#leave(move.agent);
        return;
      case 'waits':
        await this.house.clock.advance(move.ms);
        return;
      case 'called':
        await this.#called(move);
        return;
      case 'calls':
        await this.#calls(move.agent, move.talkMs);
        return;
      case 'calls first':
        await this.#callsFirst(move);
    }
  }

  #sit(agent: Agent, station: Station): void {
    this.#leave(agent);
    for (const [other, seat] of this.#seats)
      if (seat.station === station) {
        this.wasSentHome = true;
        this.#leave(other);
      }
    this.#seats.set(agent, { station, since: this.house.clock.now() });
    this.#announce();
  }

  #leave(agent: Agent): void {
    const seat = this.#seats.get(agent);
    if (seat === undefined) return;
    this.#seats.delete(agent);
    const until = this.house.clock.now();
    const where = { extension: idOf(agent), terminal: terminalAt(seat.station) };
    this.stays.push({ ...where, from: seat.since, until });
    this.countOf(agent).loggedInMs += until - seat.since;
    this.#announce();
  }

  #announce(): void {
    this.house.move(Object.fromEntries([...this.#seats].map(([agent, { station }]) => [agent, station])));
  }

  async #called(move: Extract<Move, { readonly kind: 'called' }>): Promise<void> {
    const { agent, caller, outcome, talkMs } = move;
    const count = this.countOf(agent);
    const leg = this.#dial(caller, agent);
    count.offered += 1;
    if (!this.#seats.has(agent)) {
      count.missed += 1;
      leg.says({ kind: 'cancelled' });
      return;
    }
    const rung = this.house.rung;
    rung.says({ kind: 'progress', status: 180 });
    await this.house.clock.advance(Math.min(move.ringMs, NO_ANSWER_MS - 1_000));
    if (outcome === 'declines') {
      count.declined += 1;
      rung.says({ kind: 'failed', status: 603 });
      leg.says({ kind: 'cancelled' });
    } else if (outcome === 'gives up') {
      count.missed += 1;
      leg.says({ kind: 'cancelled' });
    } else if (outcome === 'nobody') {
      count.missed += 1;
      await this.house.clock.advance(NO_ANSWER_MS);
      leg.says({ kind: 'cancelled' });
    } else {
      count.handled += 1;
      await this.#answer(rung);
      await this.#talk([agent, caller], talkMs);
      await this.#hold(agent, [rung, leg], move.holdMs);
      if (move.transferred) await this.#transfer(move, [rung, leg]);
      leg.says({ kind: 'ended', by: 'peer' });
    }
  }

  async #calls(agent: Agent, talkMs: number): Promise<void> {
    const seat = this.#seats.get(agent);
    if (seat === undefined) return;
    const leg = this.#dial(seat.station, '104');
    this.countOf(agent).outgoing += 1;
    const callee = this.countOf('104');
    callee.offered += 1;
    callee.handled += 1;
    await this.#answer(this.house.rung);
    await this.#talk([agent, '104'], talkMs);
    leg.says({ kind: 'ended', by: 'peer' });
  }

  async #callsFirst({
    agent,
    station,
    talkMs,
    isClaimed,
  }: Extract<Move, { readonly kind: 'calls first' }>): Promise<void> {
    const isTaken = [...this.#seats.values()].some((seat) => seat.station === station);
    if (!isTaken) {
      const leg = this.#dial(station, '104');
      await this.#answer(this.house.rung);
      const owner = isClaimed ? agent : station;
      this.countOf(owner).outgoing += 1;
      const callee = this.countOf('104');
      callee.offered += 1;
      callee.handled += 1;
      await this.#talk([owner, '104'], talkMs);
      leg.says({ kind: 'ended', by: 'peer' });
      await this.house.clock.advance(1);
    }
    this.#sit(agent, station);
    const call = this.house.store.records.at(-1)?.id;
    if (!isTaken && isClaimed && call !== undefined)
      this.claims.push({ call, claimant: agent, station, since: this.house.clock.now() });
  }

  #dial(from: string, to: string): FakeLeg {
    const phone = this.#phones.get(from);
    if (phone === undefined) throw new Error(`${from} has no phone`);
    if (CALLERS.some((caller) => caller === from)) this.countOf(from).outgoing += 1;
    return this.house.dial(phone, to);
  }

  async #answer(rung: FakeLeg): Promise<void> {
    rung.says({ kind: 'answered', sdp: TALK, contact: rung.target.contact });
    await this.house.clock.advance(0);
  }

  async #talk(who: readonly string[], ms: number): Promise<void> {
    for (const number of who) this.countOf(number).talkMs += ms;
    await this.house.clock.advance(ms);
  }

  async #hold(agent: Agent, [own, other]: readonly [FakeLeg, FakeLeg], ms: number): Promise<void> {
    if (ms === 0) return;
    this.countOf(agent).holdMs += ms;
    for (const [sdp, wait] of [
      [HOLD, ms],
      [TALK, 0],
    ] as const) {
      own.says({ kind: 'offered', sdp, method: 'INVITE' });
      other.says({ kind: 'offer-answered', sdp: TALK });
      await this.house.clock.advance(wait);
    }
  }

  async #transfer(
    { agent, caller, talkMs }: Extract<Move, { readonly kind: 'called' }>,
    [own, other]: readonly [FakeLeg, FakeLeg],
  ): Promise<void> {
    const colleague = AGENTS.find((each) => each !== agent && this.#seats.has(each));
    const to = colleague ?? CALLERS.find((each) => each !== caller) ?? '';
    own.says({
      ...{ kind: 'refer', id: 1 },
      referTo: { uri: `sip:${to}@example.org`, displayName: undefined, replaces: undefined },
    });
    const target = this.house.rung;
    this.countOf(to).offered += 1;
    this.countOf(to).handled += 1;
    this.countOf(agent).transferred += 1;
    await this.#answer(target);
    other.says({ kind: 'offer-made', sdp: TALK });
    target.says({ kind: 'offer-answered', sdp: TALK });
    await this.house.clock.advance(0);
    await this.#talk([to, caller], talkMs);
  }
}
