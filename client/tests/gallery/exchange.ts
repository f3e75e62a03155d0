import {
  callId,
  type CallView,
  type CenterEvent,
  type Colleague,
  type ParkedCall,
  type Party,
  type TerminalView,
  type VoicemailEvent,
} from '@perch/shared';
import { terminalView } from '../../src/phone/page/support/test-view.ts';
import { callView } from '../../src/state/support/test-calls.ts';
import type { ActiveCall } from '../../src/state/calls/active-call.svelte.ts';
import type { Phone } from '../../src/state/phone.svelte.ts';
import type { FakeSession } from '../../src/sip/support/fake-session.ts';
import type { Devices } from './devices.ts';
import { Socket } from './socket.ts';
import { UserAgent } from './user-agent.ts';

export const [ADA, BEN, CHLOE, DEV] = [
  { number: '101', name: 'Ada' },
  { number: '102', name: 'Ben' },
  { number: '103', name: 'Chloe' },
  { number: '104', name: 'Dev' },
] as const satisfies readonly Party[];
/** What a conference is called. */
export const CONFERENCE: Party = { number: 'conference', name: '' };
export const DESK: Party = { number: '201', name: 'Front desk' };

const COLLEAGUES: readonly Colleague[] = [
  { ...ADA, state: 'available' },
  { ...BEN, state: 'busy' },
  { ...CHLOE, state: 'available' },
  { ...DEV, state: 'away' },
  { number: '105', name: 'Eleonora Vandenberg-Whitfield', state: 'asleep' },
  { number: '106', name: 'Farid', state: 'offline' },
  { number: '107', name: 'Grace', state: 'available' },
  { number: '108', name: 'יעל כהן', state: 'busy' },
  { ...DESK, state: 'available' },
  { number: '202', name: 'Server room', state: 'offline' },
];

/** A call of the page, with both of its ends in the hands of the scene. */
export interface Placed {
  readonly call: ActiveCall;
  readonly session: FakeSession;
  readonly id: string;
}

/** How often the server sends a pulse (milliseconds). */
const PULSE_MS = 5_000;

/** Everything that a page depends on, in the hands of a scene: its server, the other ends of its calls, its devices and its clock. */
export class Exchange {
  readonly devices: Devices;
  /** What the server answers to `GET /api/…` and the like. */
  readonly answers = new Map<string, Response>();
  readonly #phone: Phone;
  #view: TerminalView;
  #calls: readonly CallView[] = [];
  #made = 0;
  #isRegistered = true;
  readonly #offered: Placed[] = [];

  constructor(phone: Phone, devices: Devices, kind: 'station' | 'phone') {
    this.#phone = phone;
    this.devices = devices;
    devices.answer = 'voice';
    devices.permission.state = 'denied';
    Socket.topics = { colleagues: COLLEAGUES, parked: [] };
    this.#view = terminalView({ kind, owner: kind === 'station' ? DESK : ADA });
  }

  get phone(): Phone {
    return this.#phone;
  }

  /** The page is connected, and knows who is here. */
  connect(): void {
    UserAgent.last.says.onConnected();
    UserAgent.last.says.onRegistered();
    Socket.last.open();
    this.#pulse();
    this.tell({});
    this.#tellCalls();
  }

  /** The server cannot be reached. */
  async disconnect(): Promise<void> {
    UserAgent.last.says.onDisconnected();
    Socket.last.lose();
    await until(() => this.#phone.connection.health.kind === 'offline');
  }

  /** Something about the terminal is different from now on. */
  tell(changes: Partial<TerminalView>): void {
    this.#view = { ...this.#view, ...changes };
    Socket.last.tell({ kind: 'terminal', at: Date.now(), view: this.#view });
  }

  /** Ada is at the station. */
  guest(since = Date.now() - 3_600_000): void {
    this.tell({ occupancy: { kind: 'guest', guest: ADA, since } });
  }

  /** Time passes, in which the server is heard. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= PULSE_MS) {
      await window.pass(Math.min(left, PULSE_MS));
      this.#pulse();
    }
  }

  /** The server is heard, and holds no registration of the page's phone. */
  unregister(): void {
    this.#isRegistered = false;
    this.#pulse();
  }

  /** Nobody uses the page until its screen rests: that comes before the page gives up a line that is down. */
  async rest(): Promise<void> {
    this.#phone.settings.change({ idleMinutes: 0.1 });
    await this.pass(7_000);
    await until(() => document.querySelector('aside.idle') !== null);
  }

  #pulse(): void {
    Socket.last.tell({ kind: 'pulse', at: Date.now(), registered: this.#isRegistered });
  }

  /** Somebody calls. */
  ring(from: Party, changes: Partial<CallView> = {}): Placed {
    const id = this.#add({ with: from, state: 'ringing', direction: 'incoming', ...changes });
    const session = UserAgent.last.offer(from.number, from.name, callId(id));
    const ringing = { call: this.#callOf(id), session, id };
    this.#offered.push(ringing);
    return ringing;
  }

  /** The page calls; it rings there. */
  async place(to: Party, dial = () => this.#phone.keys.dial(to.number)): Promise<Placed> {
    const { sessions } = UserAgent.last;
    const count = sessions.length;
    dial();
    await until(() => sessions.length > count);
    return this.#reach(to, sessions.at(-1) as FakeSession);
  }

  /** Everyone whom the page has called by itself answers, and what it has accepted begins. */
  async answerAll(): Promise<void> {
    const { sessions } = UserAgent.last;
    await until(() =>
      this.phone.calls.all.every(
        ({ number, state }) =>
          state.kind !== 'dialling' || sessions.some((one) => one.number === number && one.id === null),
      ),
    );
    for (const session of sessions) {
      if (session.id === null) this.answer(this.#reach(partyOf(session.number), session));
    }
    await until(() => this.#offered.every(({ call, session }) => isBegun(call, session)));
    for (const one of this.#offered) if (one.call.state.kind === 'answering') this.answer(one);
  }

  /** What the page has asked of its calls, in the order in which these began. */
  get asked(): readonly string[] {
    const offered = this.#offered.map(({ session }) => session);
    return [...offered, ...UserAgent.last.sessions].flatMap(({ number, asked }) =>
      asked.map((what) => `${number}: ${what}`),
    );
  }

  #reach(to: Party, session: FakeSession): Placed {
    const id = this.#add({ with: to, state: 'calling', direction: 'outgoing' });
    session.named(callId(id));
    session.says?.onProgress(false);
    return { call: this.#callOf(id), session, id };
  }

  /** The two calls have become one conference, as the page has asked. */
  confer(kept: number, other: number): void {
    const [one, two] = [this.#calls[kept], this.#calls[other]];
    if (one === undefined || two === undefined) throw new Error('there are no such calls');
    const participants = [one.with, two.with].map((party) => ({ ...party, reconnecting: false }));
    this.change(one.id, { with: CONFERENCE, conference: { participants } });
    this.sessionOf(two.id).says?.onOver('there');
  }

  /** Those who are sent on talk to each other. */
  completeTransfer(): void {
    const { all } = this.#phone.calls;
    for (const { id } of all) {
      if (id === null) continue;
      const session = this.sessionOf(id);
      session.transferred?.({ kind: 'done' });
      session.says?.onOver('here');
    }
  }

  /** The session of a call of the page. */
  sessionOf(id: string): FakeSession {
    const all = [...this.#offered.map(({ session }) => session), ...UserAgent.last.sessions];
    const session = all.find((one) => one.id === id);
    if (session === undefined) throw new Error(`the page has no ${id}`);
    return session;
  }

  /** It is answered, and each hears the other. */
  answer({ session, id }: Placed): void {
    session.says?.onAccepted();
    session.says?.onMedia('flowing');
    this.change(id, { state: 'talking' });
  }

  /** The page speaks with somebody. */
  async talk(to: Party): Promise<Placed> {
    const placed = await this.place(to);
    this.answer(placed);
    return placed;
  }

  /** The page is in a call with a service of the server. */
  visit(code: string): Promise<Placed> {
    return this.talk({ number: code, name: '' });
  }

  /** The Center says something in a call. */
  center(call: string, event: CenterEvent): void {
    Socket.last.tell({ kind: 'center', at: Date.now(), call, event });
  }

  /** A mailbox does. */
  voicemail(call: string, event: VoicemailEvent): void {
    Socket.last.tell({ kind: 'voicemail', at: Date.now(), call, event });
  }

  /** The page accepts a call that rings. */
  async accept(ringing: Placed): Promise<void> {
    this.#phone.calls.answer(ringing.call);
    await until(() => ringing.session.asked.includes('answer'));
    this.answer(ringing);
  }

  /** The server sees a call differently from now on. */
  change(id: string, changes: Partial<CallView>): void {
    this.#calls = this.#calls.map((view) => (view.id === id ? { ...view, ...changes } : view));
    this.#tellCalls();
  }

  /** The server no longer has it. */
  end(id: string): void {
    this.#calls = this.#calls.filter((view) => view.id !== id);
    this.#tellCalls();
  }

  /** Grace has parked a call. */
  park(): void {
    const parked: ParkedCall = { number: '3', with: DEV, by: COLLEAGUES[6] as Party, since: Date.now() };
    Socket.topics = { ...Socket.topics, parked: [parked] };
  }

  /** A call of the person here that no page here has. */
  add(changes: Partial<CallView>): void {
    this.#add(changes);
  }

  #add(changes: Partial<CallView>): string {
    const id = `call-${this.#made++}`;
    const as = this.#phone.speaker ?? this.#view.owner;
    this.#calls = [...this.#calls, callView(id, { as, since: Date.now(), ...changes })];
    this.#tellCalls();
    return id;
  }

  #callOf(id: string): ActiveCall {
    const call = this.#phone.calls.byId(callId(id));
    if (call === undefined) throw new Error(`the page has no ${id}`);
    return call;
  }

  #tellCalls(): void {
    Socket.last.tell({ kind: 'calls', at: Date.now(), calls: [...this.#calls] });
  }
}

const partyOf = (number: string): Party =>
  COLLEAGUES.find((one) => one.number === number) ?? { number, name: '' };

/** The browser has given the microphone to a call that the page accepts, or the page does not accept it. */
const isBegun = ({ state }: ActiveCall, { asked }: FakeSession): boolean =>
  state.kind !== 'answering' || asked.includes('answer');

/** Waits for what the page does by itself, within a moment. */
export async function until(holds: () => boolean): Promise<void> {
  for (let looks = 0; !holds(); looks++) {
    if (looks > 200) throw new Error(`this does not come: ${String(holds)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
