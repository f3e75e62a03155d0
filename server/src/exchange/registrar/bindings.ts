import type { TerminalId } from '@perch/shared';
import { copied } from '../../collections/copied.ts';
import { MultiMap } from '../../collections/multi-map.ts';
import type { Flow } from '../../sip/transport/flow.ts';

/** How long a binding is kept beyond its expiry, and after its flow died (milliseconds): throttled pages come late. */
const GRACE_MS = 90_000;

/** Bindings of one terminal; one more replaces one whose flow is dead, or is refused. */
const MAX_BINDINGS = 10;

/** Where a phone of a terminal can be reached (RFC 3261 §10; RFC 5626 §6). */
export interface Binding {
  readonly terminal: TerminalId;
  /** `+sip.instance` and `reg-id`, or the Contact URI of a phone that has no instance: the same phone, the same key. */
  readonly key: string;
  readonly contact: string;
  readonly flow: Flow;
  /** `false` once its flow died: the same phone may come back. */
  readonly alive: boolean;
  /** `false` while its script does not run, as far as heartbeats show it: no call can reach it. */
  readonly awake: boolean;
  /** It takes an INVITE with Replaces in the place of a session that it has with us (RFC 3891), without asking anyone. */
  readonly reseats: boolean;
}

/** One Contact of a REGISTER, ready to be bound. */
export interface Registration {
  readonly terminal: TerminalId;
  readonly key: string;
  readonly contact: string;
  readonly flow: Flow;
  readonly callId: string;
  readonly sequence: number;
  readonly expiresMs: number;
  readonly reseats: boolean;
  readonly takesHeartbeats: boolean;
}

/** What is remembered of the last REGISTER of a phone, so that an equal one is answered without parsing it. */
export interface LastRegister {
  /** The parameters of its Contact; `undefined` where nothing is remembered. */
  readonly parameters: string | undefined;
  /** Its Expires field. */
  readonly expires: string | undefined;
  /** What it was given. */
  readonly seconds: number;
  readonly isOutbound: boolean;
}

/** A binding as the table and the heartbeat keep it: one object with all of it, and no table of flows, since each idle phone has one. */
export interface Entry extends Binding, LastRegister {
  parameters: string | undefined;
  expires: string | undefined;
  seconds: number;
  isOutbound: boolean;
  awake: boolean;
  beatsAt: number | undefined;
  unanswered: number;
  contact: string;
  flow: Flow;
  alive: boolean;
  reseats: boolean;
  callId: string;
  sequence: number;
  expiresAt: number;
  lapsesAt: number;
}

/** What a registration did: `moved` is the same phone with another Contact, on another flow, or awake again. */
export type Bound = 'added' | 'moved' | 'refreshed';

/**
 * An organization's bindings. Without clock and network: every instant is an argument (milliseconds, monotonic).
 * Written for speed: a refresh copies no text. New texts are copied, because a slice keeps its whole frame alive.
 */
export class Bindings {
  readonly #byTerminal = new MultiMap<TerminalId, Entry>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Every binding, for the heartbeat. */
  all(): Iterable<Entry> {
    return this.#byTerminal.values();
  }

  of(terminal: TerminalId): readonly Binding[] {
    return this.#byTerminal.of(terminal);
  }

  /** The terminal's only binding. */
  onlyOne(terminal: TerminalId): (Binding & LastRegister) | undefined {
    return this.#byTerminal.only(terminal);
  }

  /** Every binding whose phone is on that flow, which is one of the terminal's. */
  on(flow: Flow, terminal: TerminalId): readonly Binding[] {
    return this.#byTerminal.of(terminal).filter((entry) => entry.flow === flow);
  }

  find(terminal: TerminalId, key: string): Binding | undefined {
    return this.#find(terminal, key);
  }

  /** Seconds until a binding expires; 0 during its grace period. */
  secondsLeft(binding: Binding, now: number): number {
    return Math.max(0, Math.ceil(((binding as Entry).expiresAt - now) / 1000));
  }

  /** May a request with this Call-ID and CSeq change the binding (RFC 3261 §10.3 step 7)? */
  isInOrder(binding: Binding, callId: string, sequence: number): boolean {
    const entry = binding as Entry;
    return entry.callId !== callId || sequence > entry.sequence;
  }

  /** Does the request directly follow the one that last changed the binding? */
  isNext(binding: Binding, callId: string, sequence: number): boolean {
    const entry = binding as Entry;
    return entry.callId === callId && sequence > entry.sequence;
  }

  /** Is there room for that many more phones, if those with dead flows are removed? */
  hasRoomFor(terminal: TerminalId, more: number): boolean {
    let alive = 0;
    for (const binding of this.of(terminal)) if (binding.alive) alive++;
    return alive + more <= MAX_BINDINGS;
  }

  /** Only moves the expiry: phone, Contact and flow are the same. */
  refresh(binding: Binding, sequence: number, expiresMs: number, now: number): void {
    const entry = binding as Entry;
    entry.sequence = sequence;
    entry.expiresAt = now + expiresMs;
    entry.lapsesAt = entry.expiresAt + GRACE_MS;
  }

  /** Until the phone is bound anew. */
  remember(binding: Binding, { parameters, expires, seconds, isOutbound }: LastRegister): void {
    const entry = binding as Entry;
    entry.parameters = parameters && copied(parameters);
    entry.expires = expires;
    entry.seconds = seconds;
    entry.isOutbound = isOutbound;
  }

  /** Binds, replacing a binding with the same key: a reconnect replaces the dead flow (RFC 5626 §6). */
  bind(registration: Registration, now: number): readonly [Bound, Entry] {
    const { terminal, key, contact, flow, callId, sequence, expiresMs, reseats } = registration;
    const known = this.#find(terminal, key);
    if (known === undefined) return ['added', this.#add(registration, now)];
    const isSame = known.contact === contact && known.flow === flow && known.alive && known.awake;
    known.flow = flow;
    known.parameters = undefined;
    if (known.contact !== contact) known.contact = copied(contact);
    if (known.callId !== callId) known.callId = copied(callId);
    known.alive = true;
    known.reseats = reseats;
    this.refresh(known, sequence, expiresMs, now);
    return [isSame ? 'refreshed' : 'moved', known];
  }

  remove(binding: Binding): void {
    const entry = binding as Entry;
    if (!this.#byTerminal.delete(entry.terminal, entry)) return;
    this.#size--;
  }

  /** The grace period begins for bindings that are still bound to that flow. */
  flowClosed(flow: Flow, terminal: TerminalId, now: number): readonly Binding[] {
    const entries = this.#byTerminal.of(terminal).filter((entry) => entry.flow === flow && entry.alive);
    for (const entry of entries) {
      entry.alive = false;
      entry.lapsesAt = Math.min(entry.lapsesAt, now + GRACE_MS);
    }
    return entries;
  }

  /** Removes every binding whose grace period is over. */
  lapse(now: number): readonly Binding[] {
    const lapsed: Entry[] = [];
    for (const entry of this.#byTerminal.values()) if (entry.lapsesAt <= now) lapsed.push(entry);
    for (const entry of lapsed) this.remove(entry);
    return lapsed;
  }

  /** The binding whose flow has been dead longest, if the terminal is full. */
  toPushOut(terminal: TerminalId): Binding | undefined {
    const entries = this.#byTerminal.of(terminal);
    if (entries.length < MAX_BINDINGS) return undefined;
    let oldest: Entry | undefined;
    for (const entry of entries) {
      if (!entry.alive && (oldest === undefined || entry.lapsesAt < oldest.lapsesAt)) oldest = entry;
    }
    return oldest;
  }

  #find(terminal: TerminalId, key: string): Entry | undefined {
    return this.#byTerminal.of(terminal).find((entry) => entry.key === key);
  }

  #add(registration: Registration, now: number): Entry {
    const { terminal, key, contact, flow, callId, sequence, expiresMs, reseats } = registration;
    const expiresAt = now + expiresMs;
    const entry: Entry = {
      terminal,
      key: copied(key),
      contact: copied(contact),
      flow,
      alive: true,
      awake: true,
      beatsAt: undefined,
      unanswered: 0,
      reseats,
      callId: copied(callId),
      sequence,
      expiresAt,
      lapsesAt: expiresAt + GRACE_MS,
      parameters: undefined,
      expires: undefined,
      seconds: 0,
      isOutbound: false,
    };
    this.#byTerminal.add(terminal, entry);
    this.#size++;
    return entry;
  }
}
