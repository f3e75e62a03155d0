import type { UserAgent } from '../../sip/user-agent/user-agent.ts';
import type { Clock } from '../ports.ts';

/** How often a phone is asked whether its script still runs (seconds). */
const INTERVAL_S = 15;
/** After an answer that does not come, how soon it is asked once more, and after that given up (seconds). */
const PATIENCE_S = 5;
const TICK_MS = 1_000;

/** A status of our own making: no answer came (408), or the flow is dead (503). */
const SILENCE: ReadonlySet<number> = new Set([408, 503]);

/** A phone that answers heartbeats, as its binding is kept. */
export interface Beating {
  readonly contact: string;
  readonly flow: Parameters<UserAgent['send']>[0]['target']['flow'];
  readonly alive: boolean;
  awake: boolean;
  /** At which second of each interval it is asked; `undefined` for phones that do not take heartbeats. */
  beatsAt: number | undefined;
  /** Questions in a row that it has not answered. */
  unanswered: number;
}

interface HeartbeatOptions<Phone> {
  readonly clock: Clock;
  readonly userAgent: Pick<UserAgent, 'send'>;
  readonly phones: () => Iterable<Phone>;
  readonly fellAsleep: (phone: Phone) => void;
  readonly awoke: (phone: Phone) => void;
}

/**
 * Whether the scripts of pages still run: a frozen page keeps its WebSocket, and its browser answers pings, but nothing rings there. Each
 * phone that wants it is sent OPTIONS (RFC 3261 §11) every 15 s; one that leaves two in a row unanswered, 5 s each, is asleep until it
 * answers or registers. The phones are spread over the interval, by one timer.
 */
export class Heartbeat<Phone extends Beating> {
  readonly #options: HeartbeatOptions<Phone>;
  #second = 0;
  #begun = 0;
  #stop: (() => void) | undefined;

  constructor(options: HeartbeatOptions<Phone>) {
    this.#options = options;
  }

  /** The phone has registered, and is awake; from now on it is asked, or is not. */
  begin(phone: Phone, takesHeartbeats: boolean): void {
    phone.awake = true;
    phone.unanswered = 0;
    if (takesHeartbeats) phone.beatsAt ??= this.#begun++ % INTERVAL_S;
    else phone.beatsAt = undefined;
    if (takesHeartbeats) this.#stop ??= this.#options.clock.after(TICK_MS, this.#tick);
  }

  close(): void {
    this.#stop?.();
  }

  readonly #tick = (): void => {
    this.#second++;
    let isNeeded = false;
    for (const phone of this.#options.phones()) {
      if (phone.beatsAt === undefined) continue;
      isNeeded = true;
      if (phone.alive) this.#beat(phone, (this.#second + phone.beatsAt) % INTERVAL_S);
    }
    this.#stop = isNeeded ? this.#options.clock.after(TICK_MS, this.#tick) : undefined;
  };

  /** `at` is the second of the phone's own interval. */
  #beat(phone: Phone, at: number): void {
    if (at === 0) this.#ask(phone);
    else if (!phone.awake || phone.unanswered === 0) return;
    else if (at === PATIENCE_S) this.#ask(phone);
    else if (at === 2 * PATIENCE_S) {
      phone.awake = false;
      this.#options.fellAsleep(phone);
    }
  }

  #ask(phone: Phone): void {
    const { contact, flow } = phone;
    phone.unanswered++;
    const request = { method: 'OPTIONS', target: { contact, flow }, fields: [], body: '' } as const;
    this.#options.userAgent.send(request, (status) => {
      if (!SILENCE.has(status) && phone.flow === flow) this.#answered(phone);
    });
  }

  #answered(phone: Phone): void {
    phone.unanswered = 0;
    if (phone.awake) return;
    phone.awake = true;
    this.#options.awoke(phone);
  }
}
