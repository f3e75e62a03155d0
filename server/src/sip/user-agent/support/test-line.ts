import type { SipMessage } from '../../message/message.ts';
import { parseMessage } from '../../message/parse.ts';
import type { ServerTransaction } from '../../transaction/transaction-layer.ts';
import { FakeFlow } from '../../transport/support/fake-flow.ts';
import type { Flow } from '../../transport/flow.ts';
import { VirtualClock } from '../../../world/virtual-clock.ts';
import type { Farewell } from '../farewells.ts';
import type { InboundLeg, Invitation, Leg, LegEvent } from '../leg.ts';
import type { Random } from '../random.ts';
import { createUserAgent } from '../user-agent.ts';
import type { UserAgent } from '../user-agent.ts';

/** One user agent of a pair, with all that it reports. */
export interface Station {
  readonly agent: UserAgent;
  /** Its end of the line. */
  flow: FakeFlow;
  /** INVITEs that came, in order. */
  readonly invited: InboundLeg[];
  readonly requested: ServerTransaction[];
  readonly faults: unknown[];
  /** The BYEs that it has had kept beyond its life, by their tags. */
  readonly owed: Map<string, Farewell>;
  /** Everything that it has sent, as `INVITE` or `200 INVITE`. */
  readonly sent: string[];
  /** The same, whole. */
  readonly frames: string[];
  /** Frames for which this is true get lost on the way. */
  loses: (message: SipMessage) => boolean;
}

export const LATENCY = 20;

/** Two user agents with 20 ms of wire between them: `server` as it is in Perch, `phone` as a peer that knows the rules. */
export class Line {
  readonly clock = new VirtualClock();
  server = this.#station(1);
  readonly phone = this.#station(2);
  /** What `events` has recorded, by leg. */
  readonly #events = new Map<Leg, LegEvent[]>();

  constructor() {
    this.connect();
  }

  /** A new pair of flows; the old one, if any, is left as it is. */
  connect(): void {
    const { server, phone } = this;
    server.flow = this.#end(server, () => phone);
    phone.flow = this.#end(phone, () => server);
  }

  /** The server forgets everything; the wire stays. */
  restartServer(): void {
    this.server = this.#station(3);
    this.connect();
  }

  /** Both ends of the flow are gone. */
  cut(): void {
    this.server.flow.hangUp();
    this.phone.flow.hangUp();
  }

  /** The server calls the phone. */
  call(options: Partial<Invitation> = {}): Leg {
    return this.watch(
      this.server.agent.invite({
        target: { flow: this.server.flow, contact: 'sip:abc@phone.invalid;transport=ws' },
        from: { displayName: 'Ada "A"', uri: 'sip:101@example.org' },
        to: { uri: 'sip:102@example.org' },
        sdp: 'offer of the server',
        ...options,
      }),
    );
  }

  /** The phone calls the server. */
  dial(sdp = 'offer of the phone'): Leg {
    return this.watch(
      this.phone.agent.invite({
        target: { flow: this.phone.flow, contact: 'sip:101@example.org' },
        from: { uri: 'sip:102@example.org' },
        to: { uri: 'sip:101@example.org' },
        sdp,
      }),
    );
  }

  /** A call in progress from the phone to the server: the server's leg, then the phone's. */
  async answered(): Promise<readonly [server: InboundLeg, phone: Leg]> {
    const phone = this.dial();
    await this.settle();
    const server = only(this.server.invited);
    server.answer('answer of the server');
    await this.settle();
    for (const events of this.#events.values()) events.length = 0;
    for (const { sent, frames } of [this.server, this.phone]) sent.length = frames.length = 0;
    return [server, phone];
  }

  /** Time for the messages under way to arrive, and for answers to come back. */
  async settle(trips = 6): Promise<void> {
    await this.clock.advance(trips * LATENCY);
  }

  watch<AnyLeg extends Leg>(leg: AnyLeg): AnyLeg {
    const events: LegEvent[] = [];
    this.#events.set(leg, events);
    leg.listen((event) => events.push(event));
    return leg;
  }

  /** What a leg has reported. */
  events(leg: Leg): readonly LegEvent[] {
    return this.#events.get(leg) ?? [];
  }

  #station(seed: number): Station {
    const invited: InboundLeg[] = [];
    const requested: ServerTransaction[] = [];
    const faults: unknown[] = [];
    const owed = new Map<string, Farewell>();
    const agent = createUserAgent({
      domain: 'example.org',
      clock: this.clock,
      random: seeded(seed),
      listener: {
        invited: (leg) => invited.push(this.watch(leg)),
        requested: (transaction) => requested.push(transaction),
        sameAccount: (flow, other) => flow.remoteAddress === other.remoteAddress,
        owed: (_flow, farewell) => owed.set(farewell.tag, farewell).size > 0,
        paid: ({ tag }) => void owed.delete(tag),
        labelled: () => undefined,
        failed: (error) => faults.push(error),
      },
    });
    const flow = new FakeFlow({ opened: ignore, received: ignore, closed: ignore });
    return { agent, flow, invited, requested, faults, owed, sent: [], frames: [], loses: () => false };
  }

  /** The end at which `station` sits: what it sends reaches the other, what it is sent reaches it. */
  #end(station: Station, other: () => Station): FakeFlow {
    const flow = new FakeFlow({
      opened: ignore,
      received: (which, frame) => {
        station.agent.receive(which, parsed(frame));
      },
      closed: (which) => {
        station.agent.flowClosed(which);
      },
    });
    flow.peer = (frame) => {
      const message = parsed(frame);
      station.sent.push(summary(message));
      station.frames.push(frame);
      if (station.loses(message)) return;
      const to = other().flow;
      this.clock.after(LATENCY, () => {
        to.receive(frame);
      });
    };
    return flow;
  }
}

/** The only value. */
export function only<Value>(values: readonly Value[]): Value {
  const [value] = values;
  if (value === undefined || values.length !== 1) throw new Error(`${String(values.length)} instead of one`);
  return value;
}

export function parsed(frame: string): SipMessage {
  const result = parseMessage(frame);
  if (!result.ok) throw new Error(`${result.reason}: ${frame}`);
  return result.message;
}

export function summary(message: SipMessage): string {
  if (message.kind === 'request') return message.method;
  return `${String(message.status)} ${message.essentials.cseq.method}`;
}

function ignore(_flow: Flow): void {
  // This listener is not interested.
}

/** Numbers that are the same in every run. */
export function seeded(seed: number): Random {
  let state = seed;
  const fraction = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state / 0x8000_0000;
  };
  return { fraction, token: () => `t${String(Math.floor(fraction() * 1e9))}x${String(seed)}` };
}
