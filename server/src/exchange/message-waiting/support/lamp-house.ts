import {
  type ExtensionNumber,
  extensionNumber,
  terminalId,
  type MessageCounts,
  type TerminalId,
} from '@perch/shared';
import type { SipMessage } from '../../../sip/message/message.ts';
import { FakeFlow } from '../../../sip/transport/support/fake-flow.ts';
import { VirtualClock } from '../../../world/virtual-clock.ts';
import { request, type RequestOptions, response } from '../../../sip/user-agent/support/raw-phone.ts';
import { parsed, seeded, summary } from '../../../sip/user-agent/support/test-line.ts';
import { createUserAgent, type UserAgent } from '../../../sip/user-agent/user-agent.ts';
import { createRegistrar, type Registrar } from '../../registrar/registrar.ts';
import { MessageWaiting } from '../message-waiting.ts';

export const terminalAt = (number: string): TerminalId => terminalId(`phone-${number}`);

/** An organization of phones and lamps: a real user agent and registrar; the test sets mailboxes and whereabouts. */
export class LampHouse {
  readonly clock = new VirtualClock();
  readonly faults: unknown[] = [];
  readonly counts = new Map<string, MessageCounts>();
  /** The extension that speaks through a terminal where that is not its owner; `null` where none does. */
  readonly speakers = new Map<string, string | null>();
  readonly waiting: MessageWaiting;
  /** How often a lamp was asked for. */
  asked = 0;
  readonly #accounts = new Map<FakeFlow, ExtensionNumber>();
  readonly #agent: UserAgent;
  readonly #registrar: Registrar;

  constructor() {
    const { clock } = this;
    this.#registrar = createRegistrar({
      clock,
      userAgent: { send: (...sent) => this.#agent.send(...sent) },
      domain: 'example.org',
      toTag: 'registrar',
      happened: (happening) => {
        if (happening.kind === 'phone-registered') this.waiting.registered(happening.binding);
        if (happening.kind === 'phone-gone') this.waiting.gone(happening.binding);
      },
    });
    this.#agent = createUserAgent({
      domain: 'example.org',
      clock,
      random: seeded(7),
      listener: {
        invited: (leg) => {
          leg.reject(480);
        },
        requested: (transaction) => {
          const number = this.#accounts.get(transaction.flow as FakeFlow) ?? extensionNumber('');
          const account = { terminal: terminalAt(number), number };
          if (transaction.request.method === 'REGISTER') this.#registrar.register(transaction, account);
          else this.waiting.subscribed(transaction, account);
        },
        sameAccount: (flow, other) =>
          this.#accounts.get(flow as FakeFlow) === this.#accounts.get(other as FakeFlow),
        owed: () => false,
        paid: () => undefined,
        labelled: () => undefined,
        failed: (error) => this.faults.push(error),
      },
    });
    this.waiting = new MessageWaiting({
      domain: 'example.org',
      clock,
      phones: this.#registrar,
      userAgent: this.#agent,
      lamps: {
        lamp: (terminal) => {
          this.asked++;
          const owner = terminal.slice('phone-'.length);
          const speaker = this.speakers.get(owner);
          if (speaker === null) return undefined;
          const number = speaker ?? owner;
          return {
            account: extensionNumber(number),
            counts: this.counts.get(number) ?? { new: 0, heard: 0 },
          };
        },
      },
    });
  }

  /** A browser at the home terminal of that extension; the same name is the same phone. */
  phone(number: string, name = `phone-${number}`): LampPhone {
    const flow: FakeFlow = new FakeFlow({
      opened: () => undefined,
      received: (own, frame) => {
        this.#agent.receive(own, parsed(frame));
      },
      closed: (own) => {
        this.#registrar.flowClosed(own, terminalAt(number));
        this.#agent.flowClosed(own);
      },
    });
    this.#accounts.set(flow, extensionNumber(number));
    return new LampPhone(this, flow, number, name);
  }

  /** Sets what the mailbox of that extension holds; the terminals that show its lamp are told. */
  holds(number: string, fresh: number, heard = 0): void {
    this.counts.set(number, { new: fresh, heard });
    const terminals = new Set([number, ...this.speakers.keys()]);
    for (const terminal of terminals) this.waiting.lampChanged(terminalAt(terminal));
  }

  /** From now on `speaker` speaks through the terminal of the other extension; `null`: none does. */
  speaks(through: string, speaker: string | null): void {
    this.speakers.set(through, speaker);
    this.waiting.lampChanged(terminalAt(through));
  }
}

/** One browser of the house. */
export class LampPhone {
  readonly flow: FakeFlow;
  readonly #house: LampHouse;
  readonly #number: string;
  readonly #name: string;
  static #sequence = 0;

  constructor(house: LampHouse, flow: FakeFlow, number: string, name: string) {
    this.#house = house;
    this.flow = flow;
    this.#number = number;
    this.#name = name;
  }

  send(method: string, options: RequestOptions = {}): void {
    const from = `<sip:${this.#number}@example.org>;tag=f`;
    const contact = `Contact: <sip:${this.#name}@x.invalid>;+sip.instance="<urn:uuid:${this.#name}>";reg-id=1\r\n`;
    const uri = `sip:${this.#number}@example.org`;
    const sequence = ++LampPhone.#sequence;
    this.flow.receive(request({ method, uri, from, contact, sequence, ...options }));
  }

  /** Registers, and lets the messages that follow the 200 arrive. */
  async register(expires = 600): Promise<void> {
    const frame = `Expires: ${String(expires)}\r\n`;
    const from = `<sip:${this.#number}@example.org>;tag=f`;
    const contact = `Contact: <sip:${this.#name}@x.invalid>;+sip.instance="<urn:uuid:${this.#name}>";reg-id=1\r\n`;
    const sequence = ++LampPhone.#sequence;
    const register = request({
      method: 'REGISTER',
      uri: 'sip:example.org',
      from,
      contact,
      sequence,
      fields: frame,
    });
    this.flow.receive(register.replace(/To: .*\r/, `To: <sip:${this.#number}@example.org>\r`));
    await this.#house.clock.advance(0);
  }

  subscribe(options: RequestOptions = {}): void {
    this.send('SUBSCRIBE', { callId: 'subscription', fields: 'Event: message-summary\r\n', ...options });
  }

  /** What came since the last time. */
  heard(): SipMessage[] {
    return this.flow.sent.splice(0).map(parsed);
  }

  /** The same, each NOTIFY as lamp, extension and counts: `on 101 2/0`, `off`. Each is answered with `status`. */
  shown(status = 200): string[] {
    return this.heard().map((message) => {
      if (message.kind === 'response') return summary(message);
      this.flow.receive(response(message, status));
      return lampIn(message);
    });
  }
}

export function lampIn({ body }: SipMessage): string {
  const field = (name: string) => new RegExp(`^${name}: (.*)\\r$`, 'm').exec(body)?.[1] ?? '';
  const account = /sip:(.*)@/.exec(field('Message-Account'))?.[1] ?? '';
  const voice = field('Voice-Message').replace(' (0/0)', '');
  return [field('Messages-Waiting') === 'yes' ? 'on' : 'off', account, voice].filter(Boolean).join(' ');
}
