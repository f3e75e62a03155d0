import { callId, type CallView } from '@perch/shared';
import { FailureOfCall } from '../../failure-of-call.ts';
import type { FakeLeg } from '../../../sip/user-agent/support/fake-leg.ts';
import { Switchboard } from '../calls.ts';
import { isPerson } from '../ports.ts';
import { CallHouse, type Phone, terminalAt } from './call-house.ts';
import { faultsInRecord } from './record-faults.ts';
import { type PhoneNumber, NUMBERS, Peer, sdp } from './peer.ts';

/** Those of them that take a new session in place of the one that they have. */
const RESEATABLE: readonly PhoneNumber[] = ['102', '103'];

/** How a walk begins. */
export const BEGINNINGS = ['nothing', 'one call', 'two calls', 'conference', 'parked'] as const;
type Beginning = (typeof BEGINNINGS)[number];

const PARK = 'sip:*68@example.org';
const BROKEN_DISK = new Error('disk');

/** Calls between three phones, one event after another, and the rules that they must never break. */
export class Walk {
  house = new CallHouse();
  peers: Peer[] = [];
  /** Legs that a restart has brought back, and that their phones do not have: they had hung up, or had not been told of an answer. */
  #unknown: readonly FakeLeg[] = [];
  readonly phones: Record<PhoneNumber, Phone>;
  readonly reached = new Set<string>();
  dials = 0;
  #referIds = 0;
  #reloads = 0;
  /** Has the disk refused to store a call? Then a restart may find an earlier one. */
  #isDiskTrusted = true;

  constructor() {
    const register = (number: PhoneNumber) =>
      this.house.register(number, `key-${number}`, `sip:${number}@one.invalid`, RESEATABLE.includes(number));
    this.phones = { '101': register('101'), '102': register('102'), '103': register('103') };
  }

  /** Takes note of the legs that have come about, and of what they were told. */
  async settle(): Promise<void> {
    await this.house.clock.advance(0);
    for (const leg of this.house.userAgent.invited.slice(
      this.peers.filter(({ leg: { invitation } }) => invitation).length,
    )) {
      const number = NUMBERS.find((each) => leg.target.contact.includes(each));
      if (number !== undefined) this.peers.push(new Peer(leg, number));
    }
    for (const peer of this.peers) peer.read();
    for (const leg of this.#unknown)
      if (leg.told('rebind').length > 0) leg.says({ kind: 'ended', by: 'gone' });
  }

  dial(number: PhoneNumber, dialled: string, fields: readonly string[] = []): void {
    const offer = (leg: string): string => sdp('sendrecv', leg);
    const leg = this.house.dial(this.phones[number], dialled, fields, offer);
    this.peers.push(new Peer(leg, number));
  }

  /** A call that is answered. */
  async connect(from: PhoneNumber, to: PhoneNumber): Promise<void> {
    this.dials += 1;
    this.dial(from, to);
    await this.settle();
    this.peers.at(-1)?.answer();
    await this.settle();
  }

  /** How it begins: with nothing, one call, two calls of one terminal, a conference of three, a parked call beside another one. */
  async begin(how: Beginning): Promise<void> {
    if (how === 'nothing') return;
    await this.connect('101', '102');
    if (how === 'one call') return;
    await this.connect('101', '103');
    const [first, second] = this.house.calls.views(terminalAt('101')).map(({ id }) => callId(id));
    const [caller] = this.peers;
    if (first === undefined || second === undefined || caller === undefined) return;
    if (how === 'conference') this.house.calls.confer(terminalAt('101'), [first, second]);
    if (how === 'parked') this.#refer(caller, PARK);
    await this.comply();
  }

  /** Everybody does what is asked of them, until nothing more is. */
  async comply(): Promise<void> {
    for (let isDone = false; !isDone;) {
      isDone = true;
      for (const peer of this.peers) {
        const { leg } = peer;
        if (!leg.target.flow.open || leg.state === 'over') continue;
        const isCalled = leg.state === 'early' && peer.isReseat && peer.told === 0;
        if (!isCalled && peer.asked.length === 0) continue;
        isDone = false;
        if (isCalled) peer.answer();
        else peer.oblige();
        await this.settle();
      }
    }
  }

  /** The phone registers on a new flow: as it was, or its page loaded anew. */
  comeBack(number: PhoneNumber, contact = `sip:${number}@again-${String(++this.#reloads)}.invalid`): void {
    const { key, reseats } = this.phones[number].binding;
    this.phones[number] = this.house.register(number, key, contact, reseats);
  }

  /**
   * The server is killed and started again. It knows what it had stored; the phones, whose flows are gone, go on: also those in a session that
   * it does not know, of which they ask as soon as they are back.
   */
  async restart(): Promise<void> {
    const calls = await this.house.store.load();
    this.house = new CallHouse(this.house);
    this.house.begun = this.house.store.records.length + calls.length;
    for (const { flow } of Object.values(this.phones)) flow.hangUp();
    this.house.calls.restore(calls, await this.house.store.loadOwed());
    const { restored } = this.house.userAgent;
    this.peers = this.peers.filter((peer) => {
      const leg = peer.leg.state === 'confirmed' && restored.find(({ id }) => id === peer.leg.id);
      if (leg) peer.resume(leg);
      return Boolean(leg);
    });
    this.#unknown = restored.filter((leg) => !this.peers.some((peer) => peer.leg === leg));
    this.reached.add('restarted');
  }

  /** All pages are loaded anew at once. */
  async reloadAll(): Promise<void> {
    for (const number of NUMBERS) if (this.phones[number].flow.open) await this.lose(number);
    for (const number of NUMBERS) this.comeBack(number);
  }

  /** Everything that could happen now. */
  get possible(): (readonly [string, () => unknown])[] {
    const { house, phones } = this;
    const actions: (readonly [string, () => unknown])[] = [];
    const may = (name: string, act: () => unknown): void => void actions.push([name, act]);
    if (this.dials < 3) {
      for (const [from, to] of [
        ['101', '102'],
        ['101', '103'],
        ['103', '102'],
      ] as const) {
        if (phones[from].flow.open)
          may('dial', () => {
            this.dials += 1;
            this.dial(from, to);
          });
      }
    }
    for (const peer of this.peers) this.#leg(peer, may);
    for (const number of NUMBERS) {
      const phone = phones[number];
      this.#terminal(number, may);
      if (phone.flow.open) may('lose', () => this.lose(number));
      else {
        may('return', () => this.comeBack(number, phone.binding.contact));
        may('reload', () => this.comeBack(number));
      }
    }
    if (house.store.held === null) may('slow disk', () => (house.store.held = []));
    else for (let times = 0; times < 4; times++) may('disk', () => this.release());
    for (let times = 0; times < 4; times++) may('everybody obliges', () => this.comply());
    may('broken disk', () => {
      this.#isDiskTrusted = false;
      house.store.failure = house.store.failure === null ? BROKEN_DISK : null;
    });
    if (this.#isDiskTrusted && this.peers.length > 0) may('restart', () => this.restart());
    if (NUMBERS.some((number) => phones[number].flow.open)) may('reload all', () => this.reloadAll());
    may('time', () => house.clock.advance(6_000));
    may('long time', () => house.clock.advance(31_000));
    return actions;
  }

  /** What a person does with the calls that the page shows. */
  #terminal(number: PhoneNumber, may: (name: string, act: () => unknown) => void): void {
    const { calls } = this.house;
    const terminal = terminalAt(number);
    const views = calls.views(terminal);
    const ids = views.filter(({ state }) => state === 'talking').map(({ id }) => callId(id));
    for (const one of ids) {
      for (const other of ids) if (one !== other) may('confer', () => calls.confer(terminal, [one, other]));
    }
    for (const { id } of views) may('take back', () => calls.takeBack(terminal, callId(id)));
    if (!this.phones[number].flow.open) return;
    for (const { id, here } of views)
      if (here === 'away')
        for (let times = 0; times < 3; times++) may('take up', () => this.takeUp(number, id));
    if (this.dials >= 3) return;
    for (const slot of this.slots) may('pick up', () => this.dial(number, `*69${slot}`));
    if (this.peers.some((peer) => peer.number === number && peer.holds && peer.talks))
      may('park held', () => this.dial(number, '*68'));
  }

  /** The page wants that call here. */
  takeUp(number: PhoneNumber, id: string): void {
    this.dial(number, number, [`Perch-Call-ID: ${id}`]);
  }

  /** The slots in which calls wait. */
  get slots(): readonly string[] {
    return [...new Set(this.views.flatMap(({ parked }) => parked ?? []))];
  }

  #leg(peer: Peer, may: (name: string, act: () => unknown) => void): void {
    const { leg } = peer;
    if (leg.state === 'over' || !leg.target.flow.open) return;
    if (leg.state === 'early') {
      if (leg.invitation !== undefined) {
        if (peer.told > 0) {
          // A 2xx that crosses our CANCEL is acknowledged and ended by the leg itself.
          may('cancelled', () => peer.fail(487));
          return;
        }
        if (leg.told('withdraw').length > 0) may('cancelled', () => peer.fail(487));
        may('rings', () => leg.says({ kind: 'progress', status: 180 }));
        may('is busy', () => peer.hangUp());
        for (let times = 0; times < 3; times++) may('answers', () => peer.answer());
      } else may('gives up', () => peer.hangUp());
      return;
    }
    may('hangs up', () => peer.hangUp());
    if (peer.asked.length > 0) {
      for (let times = 0; times < 8; times++) may('obliges', () => peer.oblige());
      may('refuses', () => peer.refuse());
    } else if (peer.own === null) {
      for (const holds of [true, true, false]) may(holds ? 'holds' : 'resumes', () => peer.offer(holds));
    }
    may('park', () => this.#refer(peer, PARK));
    for (const target of [...NUMBERS, '104']) {
      if (target !== peer.number) may('refer', () => this.#refer(peer, `sip:${target}@example.org`));
    }
    for (const other of this.peers) {
      if (other !== peer && other.number === peer.number && other.talks) {
        may('attended', () => this.#refer(peer, 'sip:102@example.org', other.leg));
        may('attended', () => this.#refer(peer, 'sip:102@example.org', other.leg));
      }
    }
    if (this.phones[peer.number].flow.open) {
      may('re-seat', () =>
        this.dial(peer.number, '102', [
          `Replaces: call-${leg.id};to-tag=local-${leg.id};from-tag=remote-${leg.id}`,
        ]),
      );
    }
  }

  /** That phone sends the call on which it has had longest. */
  refer(number: PhoneNumber, uri: string, replaced?: FakeLeg): void {
    const peer = this.peers.find((each) => each.number === number && each.talks);
    if (peer !== undefined) this.#refer(peer, uri, replaced);
  }

  #refer({ leg }: Peer, uri: string, replaced?: FakeLeg): void {
    const replaces = replaced && {
      callId: `call-${replaced.id}`,
      toTag: `local-${replaced.id}`,
      fromTag: `remote-${replaced.id}`,
      earlyOnly: false,
    };
    leg.says({
      kind: 'refer',
      id: ++this.#referIds,
      referTo: { uri, displayName: undefined, replaces },
    });
  }

  /** The user agent's part in the end of a flow: what is not confirmed fails. */
  async lose(number: PhoneNumber): Promise<void> {
    const { flow } = this.phones[number];
    await this.house.loseFlow(this.phones[number]);
    for (const peer of this.peers) {
      const { leg } = peer;
      if (leg.target.flow !== flow || leg.state !== 'early') continue;
      if (leg.invitation !== undefined) peer.fail(peer.told > 0 ? 487 : 503);
      else {
        peer.hungUp = true;
        leg.says({ kind: 'ended', by: 'transport' });
      }
    }
  }

  /** The disk has written everything. */
  release(): void {
    const { held } = this.house.store;
    this.house.store.held = null;
    for (const last of held ?? []) last();
  }

  /** Does nothing wait for an answer, a phone or the disk? */
  get isQuiet(): boolean {
    const live = this.peers.filter(({ leg }) => leg.state !== 'over');
    return (
      this.house.store.held === null &&
      this.#unknown.every(({ state }) => state === 'over') &&
      live.every((peer) => peer.talks && peer.asked.length === 0 && peer.own === null && peer.told === 0)
    );
  }

  get views(): readonly CallView[] {
    return NUMBERS.flatMap((number) => this.house.calls.views(terminalAt(number)));
  }

  /** How many ends of that call are phones. */
  #peopleIn(id: string): number {
    const { calls } = this.house;
    const call = calls instanceof Switchboard ? calls.call(callId(id)) : undefined;
    return [call?.caller, call?.callee].filter((end) => end !== undefined && isPerson(end)).length;
  }

  /** The rules that hold at any instant; what is broken. */
  faults(): string[] {
    const { house } = this;
    const faults: string[] = house.errors
      .filter(
        (error) => error !== BROKEN_DISK && !(error instanceof FailureOfCall && error.cause === BROKEN_DISK),
      )
      .map(String);
    const live = this.peers.filter(({ leg, told }) => leg.state !== 'over' && told === 0);
    for (const id of new Set(live.map((peer) => peer.id))) {
      const legs = live.filter((peer) => peer.id === id);
      // What a page that was loaded anew has been asked for, nobody waits for any more.
      const asked = legs
        .filter(({ leg }) => leg.target.flow.open)
        .reduce((sum, peer) => sum + peer.asked.length, 0);
      const offering = legs.filter((peer) => peer.own !== null).length;
      if (asked > 1 || offering > 1) faults.push(`two exchanges at once in ${String(id)}`);
      const talk = legs.filter(({ leg }) => leg.state === 'confirmed');
      if (talk.length > 0 && !this.views.some((view) => view.id === id))
        faults.push(`a leg of no call: ${String(id)}`);
    }
    for (const peer of this.peers) {
      if (peer.told > 1) faults.push('told twice that it is over');
    }
    if (this.isQuiet) {
      if (this.slots.length > 0) this.reached.add('parked');
      if (this.views.some(({ conference }) => (conference?.participants.length ?? 0) > 1))
        this.reached.add('conference');
      if (house.joined.some(({ state }) => state === 'confirmed')) this.reached.add('mailbox');
      for (const view of this.views) {
        const legs = live.filter((peer) => peer.id === view.id);
        const holders = legs.filter((peer) => peer.holds).map(({ number }) => number);
        if (this.views.some(({ id, state }) => id === view.id && /ring|calling/.test(state))) continue;
        const people = this.#peopleIn(view.id);
        if (legs.length !== people) faults.push(`${String(legs.length)} legs of ${String(people)} talk`);
        else if (people === 2 && !isHeard(legs)) faults.push(`${view.id}: the two do not hear each other`);
        else if (people === 2 && !isHeldBy(view, holders))
          faults.push(`shown ${JSON.stringify(view)}, held by ${holders.join()}`);
      }
      if (live.some((peer) => peer.isReseat)) this.reached.add('re-seated');
      if (live.length > 0) this.reached.add(live.some((peer) => peer.holds) ? 'quiet, held' : 'quiet');
    }
    return faults;
  }

  /** Everyone hangs up, all timers run out; what is left behind. */
  async end(): Promise<string[]> {
    this.house.store.failure = null;
    this.release();
    await this.settle();
    for (const peer of this.peers) {
      if (peer.leg.state === 'early' && peer.told > 0) peer.fail(487);
    }
    for (const number of NUMBERS) await this.lose(number);
    await this.house.clock.advance(60_000);
    await this.settle();
    const { house, peers } = this;
    const faults: string[] = [];
    if (house.calls.size > 0) faults.push('a call is left');
    if (house.clock.pending > 0) faults.push('a timer is left');
    if (house.media.endpoints.some(({ closedAs }) => closedAs === undefined)) faults.push('a port is left');
    if (house.media.bridges.some(({ size }) => size > 0)) faults.push('a bridge is left');
    if (house.joined.some(({ state }) => state !== 'over')) faults.push('a visit to a mailbox is left');
    for (const { leg, told, hungUp, failed } of peers) {
      // A phone that fails while it is being cancelled has heard both.
      const expected = hungUp || failed ? [0, ...(failed ? [1] : [])] : [1];
      if (!expected.includes(told))
        faults.push(`leg ${leg.id} was told ${String(told)} times that it is over`);
    }
    const { records } = house.store;
    if (records.some(({ legs }) => legs.some(({ joined }) => joined === 'transferred')))
      this.reached.add('joined');
    if (records.length !== house.begun || new Set(records.map(({ id }) => id)).size !== house.begun)
      faults.push(`${String(records.length)} records of ${String(house.begun)} calls`);
    for (const record of records)
      for (const fault of faultsInRecord(record)) faults.push(`${fault}: ${JSON.stringify(record)}`);
    if ((await house.store.load()).length > 0) faults.push('a call is still stored');
    return faults;
  }
}

/** Does each of the two hear the session of the other one? */
const isHeard = ([one, other]: readonly Peer[]): boolean =>
  one?.hears === other?.leg.id && other?.hears === one?.leg.id;

/** Does the view say who of the two holds the other one? A transfer may join two phones of one terminal: then only how many do. */
const isHeldBy = ({ hold, as, with: other }: CallView, holders: readonly string[]): boolean =>
  as.number === other.number
    ? Number(hold.here) + Number(hold.there) === holders.length
    : hold.here === holders.includes(as.number) && hold.there === holders.includes(other.number);
