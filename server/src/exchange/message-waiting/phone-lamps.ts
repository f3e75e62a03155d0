import type { TerminalId } from '@perch/shared';
import type { HeaderField } from '../../sip/message/message.ts';
import type { Flow } from '../../sip/transport/flow.ts';
import type { UserAgent } from '../../sip/user-agent/user-agent.ts';
import type { Phones } from '../call/ports.ts';
import type { Clock } from '../ports.ts';
import type { Binding } from '../registrar/bindings.ts';
import { MESSAGE_SUMMARY, type MessageSummary } from './message-summary.ts';
import { type LampEvent, type PhoneLamp, step, UNTOLD } from './machines/phone-lamp.ts';

export interface PhoneLampsOptions {
  readonly clock: Clock;
  readonly phones: Phones;
  readonly userAgent: Pick<UserAgent, 'send'>;
  /** The lamp of a terminal at this instant. */
  summaryOf(terminal: TerminalId): MessageSummary;
  /** Is there a subscription to the terminal's lamp over that flow? */
  hasSubscribed(terminal: TerminalId, flow: Flow): boolean;
}

/** A phone that was told something of its lamp. */
export interface Phone {
  lamp: PhoneLamp;
  /** Counts the NOTIFYs without a subscription: only the result of the last one matters. */
  notifies: number;
}

/** Phones remembered per terminal: the registered ones, and as many that are gone and may come back with an old lamp. */
const MOST_PHONES = 20;

/** Answers of a phone that takes no NOTIFY without a subscription (481 according to RFC 6665 §4.1.3). */
const DECLINED = new Set([405, 481, 489, 501]);

/** Every NOTIFY must have a Subscription-State (RFC 6665 §8.2.3): without a subscription it says `terminated`. */
const FIELDS: readonly HeaderField[] = [
  ['Event', MESSAGE_SUMMARY.name],
  ['Subscription-State', 'terminated'],
  ['Content-Type', MESSAGE_SUMMARY.contentType],
];

/** The lamps of phones as far as we know them, and the unsolicited NOTIFYs for those that have not subscribed. */
export class PhoneLamps {
  readonly #options: PhoneLampsOptions;
  /** By the key of their binding, starting with those that have been gone longest. */
  readonly #phones = new Map<TerminalId, Map<string, Phone>>();

  constructor(options: PhoneLampsOptions) {
    this.#options = options;
  }

  /** How many phones are remembered. */
  get size(): number {
    let size = 0;
    for (const phones of this.#phones.values()) size += phones.size;
    return size;
  }

  /** The terminal's lamp may have changed. */
  changed(terminal: TerminalId, now: MessageSummary): void {
    for (const binding of this.#options.phones.bindings(terminal)) {
      if (this.#isReachable(binding)) this.#happen(binding, { kind: 'changed', now });
    }
  }

  /** A phone is new, or back. It is told after the 200 to its REGISTER; one with nothing to be told costs a look-up. */
  registered({ terminal, key }: Binding): void {
    if (this.#phone(terminal, key) === undefined && !this.#options.summaryOf(terminal).lit) return;
    this.#options.clock.after(0, () => {
      const binding = this.#binding(terminal, key);
      if (binding?.alive !== true) return;
      const kind = this.#isReachable(binding) ? 'registered' : 'told';
      this.#happen(binding, { kind, now: this.#options.summaryOf(terminal) });
    });
  }

  /** What it shows is remembered: another extension may speak there when it comes back. */
  gone({ terminal, key }: Binding): void {
    const phones = this.#phones.get(terminal);
    const phone = phones?.get(key);
    if (phones === undefined || phone === undefined) return;
    phones.delete(key);
    phones.set(key, phone);
    for (const other of phones.keys()) {
      if (phones.size <= MOST_PHONES) return;
      if (this.#binding(terminal, other) === undefined) phones.delete(other);
    }
  }

  /** A subscription over that flow has announced the terminal's lamp; returns the phones that it reaches. */
  told(terminal: TerminalId, flow: Flow, now: MessageSummary): readonly Phone[] {
    const phones: Phone[] = [];
    for (const binding of this.#options.phones.bindings(terminal)) {
      if (binding.flow === flow) phones.push(this.#happen(binding, { kind: 'told', now }));
    }
    return phones;
  }

  /** These phones have not confirmed the last NOTIFY of a subscription. */
  doubted(phones: readonly Phone[]): void {
    for (const phone of phones) [phone.lamp] = step(phone.lamp, { kind: 'doubted' });
  }

  close(): void {
    this.#phones.clear();
  }

  #happen(binding: Binding, event: LampEvent): Phone {
    const { terminal, key } = binding;
    const phone = this.#phone(terminal, key) ?? { lamp: UNTOLD, notifies: 0 };
    const [lamp, summary] = step(phone.lamp, event);
    phone.lamp = lamp;
    if (lamp.kind === 'untold') this.#forget(terminal, key);
    else this.#remember(terminal, key, phone);
    if (summary !== undefined) this.#tell(binding, phone, summary);
    return phone;
  }

  #tell({ terminal, key, flow, contact }: Binding, phone: Phone, { body }: MessageSummary): void {
    const notify = ++phone.notifies;
    const request = { method: 'NOTIFY', target: { flow, contact }, fields: FIELDS, body } as const;
    this.#options.userAgent.send(request, (status) => {
      if (notify === phone.notifies) this.#answered(terminal, key, phone, status);
    });
  }

  #answered(terminal: TerminalId, key: string, phone: Phone, status: number): void {
    const binding = this.#reachable(terminal, key);
    const now = binding === undefined ? undefined : this.#options.summaryOf(terminal);
    const [lamp, summary] = step(
      phone.lamp,
      DECLINED.has(status) ? { kind: 'declined' } : { kind: status < 300 ? 'accepted' : 'failed', now },
    );
    phone.lamp = lamp;
    if (binding !== undefined && summary !== undefined) this.#tell(binding, phone, summary);
  }

  #binding(terminal: TerminalId, key: string): Binding | undefined {
    return this.#options.phones.bindings(terminal).find((binding) => binding.key === key);
  }

  #reachable(terminal: TerminalId, key: string): Binding | undefined {
    const binding = this.#binding(terminal, key);
    return binding !== undefined && this.#isReachable(binding) ? binding : undefined;
  }

  /** Can it be reached by a NOTIFY without a subscription? */
  #isReachable({ terminal, flow, alive }: Binding): boolean {
    return alive && !this.#options.hasSubscribed(terminal, flow);
  }

  #phone(terminal: TerminalId, key: string): Phone | undefined {
    return this.#phones.get(terminal)?.get(key);
  }

  #remember(terminal: TerminalId, key: string, phone: Phone): void {
    const phones = this.#phones.get(terminal);
    if (phones === undefined) this.#phones.set(terminal, new Map([[key, phone]]));
    else phones.set(key, phone);
  }

  #forget(terminal: TerminalId, key: string): void {
    const phones = this.#phones.get(terminal);
    if (phones?.delete(key) === true && phones.size === 0) this.#phones.delete(terminal);
  }
}
