import type { FlowId, OwnedFlow } from '../../src/sip/transport/flow.ts';
import type { Dice } from './dice.ts';
import type { Life } from './life.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** The phone's end of a connection. */
export interface ConnectionUser {
  opened(): void;
  received(frame: string): void;
  /** It is gone, as far as the phone can tell. */
  closed(): void;
}

export interface Wire {
  readonly clock: SimulatedClock;
  readonly dice: Dice;
  readonly life: Life;
  readonly listener: {
    opened(flow: Connection): void;
    received(flow: Connection, frame: string): void;
    closed(flow: Connection, reason: string): void;
  };
  readonly id: FlowId;
  readonly address: string;
  /** The server sends that over it. */
  sent(connection: Connection, frame: string): void;
  /** That arrives at the server over it. */
  arrives(connection: Connection, frame: string): void;
}

/** One way through the network (milliseconds), mostly, and one time in so many. */
const USUAL_MS = [2, 60] as const;
const LONG_MS = [200, 2_500] as const;
const LONG_ONCE_IN = 60;
/** A peer that has been silent for one to two of these is given up by the server: its pings are not answered. */
const PING_INTERVAL_MS = 25_000;

/**
 * A WebSocket: what is sent arrives once and in its order, late at times, until the connection breaks. It may break at once, for both ends, or
 * at first only for one of them; or be still while both believe in it.
 */
export class Connection implements OwnedFlow {
  readonly id: FlowId;
  readonly transport = 'WS' as const;
  readonly remoteAddress: string;
  readonly remotePort = 5060;
  readonly authority = undefined;
  readonly #wire: Wire;
  readonly #user: ConnectionUser;
  /** As each end sees it. */
  #openHere = false;
  #openThere = true;
  /** Nothing arrives any more. */
  #isStill = false;
  /** Nothing arrives before that. */
  #stalledUntil = 0;
  #lastUp = 0;
  #lastDown = 0;

  constructor(wire: Wire, user: ConnectionUser) {
    this.#wire = wire;
    this.#user = user;
    this.id = wire.id;
    this.remoteAddress = wire.address;
    this.#carry('up', () => this.#accepted());
  }

  /** As the server sees it. */
  get open(): boolean {
    return this.#openHere && !this.#wire.life.isOver;
  }

  /** As the phone sees it. */
  get openThere(): boolean {
    return this.#openThere;
  }

  send(message: string): boolean {
    if (!this.open || !this.#wire.life.does('send')) return false;
    this.#wire.sent(this, message);
    this.#carry('down', () => {
      if (this.#openThere) this.#user.received(message);
    });
    return true;
  }

  close(_code: number, reason: string): void {
    if (!this.open) return;
    this.#endHere(reason);
    this.#carry('down', () => this.#endThere());
  }

  rest(ms: number): void {
    this.stall(ms);
  }

  /** Here nobody waits for a turn. */
  takesTurns(): void {}

  /** By the phone. */
  sendUp(frame: string): void {
    if (!this.#openThere) return;
    this.#carry('up', () => {
      if (!this.open) return;
      this.#wire.arrives(this, frame);
      this.#wire.listener.received(this, frame);
    });
  }

  /** By the phone, which tells the server; what it has sent before still arrives, or gets lost with `isAbrupt`. */
  hangUp(isAbrupt = false): void {
    if (!this.#openThere) return;
    this.#openThere = false;
    if (isAbrupt) this.becomeStill();
    else this.#carry('up', () => this.#endHere('WebSocket closed with 1001'));
  }

  /** Both ends learn that it has broken. */
  cut(): void {
    this.#isStill = true;
    this.#endHere('WebSocket closed with 1006');
    this.#endThere();
  }

  /** Nothing arrives any more, and nobody knows: the server gives it up when no ping has been answered. */
  becomeStill(): void {
    if (this.#isStill) return;
    this.#isStill = true;
    this.#wire.clock.after(this.#wire.dice.between(PING_INTERVAL_MS, 2 * PING_INTERVAL_MS), () =>
      this.#endHere('No answer to a ping'),
    );
  }

  /** What is sent arrives only after that time. */
  stall(ms: number): void {
    this.#stalledUntil = Math.max(this.#stalledUntil, this.#wire.clock.monotonic() + ms);
  }

  /** The process at its other end has been killed. */
  serverDied(): void {
    this.#openHere = false;
    this.#carry('down', () => this.#endThere());
  }

  #accepted(): void {
    if (this.#wire.life.isOver) {
      this.#carry('down', () => this.#endThere());
      return;
    }
    this.#openHere = true;
    this.#wire.listener.opened(this);
    this.#carry('down', () => {
      if (this.#openThere) this.#user.opened();
    });
  }

  #endHere(reason: string): void {
    if (!this.#openHere) return;
    this.#openHere = false;
    if (this.#wire.life.isOver) return;
    // A socket reports its end later, and once.
    queueMicrotask(() => {
      if (!this.#wire.life.isOver) this.#wire.listener.closed(this, reason);
    });
  }

  #endThere(): void {
    if (!this.#openThere) return;
    this.#openThere = false;
    this.#user.closed();
  }

  #carry(way: 'up' | 'down', arrive: () => void): void {
    if (this.#isStill) return;
    const { clock, dice } = this.#wire;
    const [least, most] = dice.onceIn(LONG_ONCE_IN) ? LONG_MS : USUAL_MS;
    const now = clock.monotonic();
    const earliest = Math.max(this.#stalledUntil, way === 'up' ? this.#lastUp : this.#lastDown);
    const at = Math.max(earliest, now + dice.between(least, most));
    if (way === 'up') this.#lastUp = at;
    else this.#lastDown = at;
    clock.after(at - now, () => {
      if (!this.#isStill) arrive();
    });
  }
}
