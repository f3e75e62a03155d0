import { expect, test } from 'vitest';
import type { SipMessage, SipRequest } from '../sip/message/message.ts';
import { request, response } from '../sip/user-agent/support/raw-phone.ts';
import { seeded } from '../sip/user-agent/support/test-line.ts';
import { openExchange } from './support/test-exchange.ts';

type House = Awaited<ReturnType<typeof openExchange>>;

const SDP = 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n';
const STATUSES = [
  100, 180, 180, 183, 200, 200, 200, 200, 202, 302, 401, 408, 481, 486, 487, 491, 500, 503, 603,
];
const DIALLED = ['101', '102', '103', '201', '112', '*30', '*30102', '*97', '999', '101%00'];
const METHODS = 'ACK ACK BYE BYE CANCEL INVITE UPDATE INFO REFER NOTIFY OPTIONS'.split(' ');
const BODIES: readonly (readonly [type: string, body: string])[] = [
  ['application/sdp', SDP],
  ['application/sdp', 'nonsense'],
  ['application/dtmf-relay', 'Signal=5\r\nDuration=100'],
  ['text/plain', '\u0000\u0001'],
  ['', ''],
];

/** A dialog as a phone believes it to be. */
interface Belief {
  readonly callId: string;
  readonly branch: string;
  readonly local: string;
  remote: string | undefined;
  sequence: number;
}

/** A phone that sends anything at any time: messages that belong to earlier ones, in any order, or repeated. */
class WildPhone {
  readonly #house: House;
  readonly #number: string;
  readonly #pick: <Item>(items: readonly Item[]) => Item | undefined;
  readonly #beliefs: Belief[] = [];
  readonly #requests: SipRequest[] = [];
  #line: ReturnType<House['phone']>;
  #count = 0;

  constructor(house: House, number: string, fraction: () => number) {
    this.#house = house;
    this.#number = number;
    this.#pick = (items) => items[Math.floor(fraction() * items.length)];
    this.#line = house.phone(number);
    this.register();
  }

  act(): void {
    for (const message of this.#line.heard()) this.#hear(message);
    const act = this.#pick([
      () => this.#dial(),
      () => this.#answer(),
      () => this.#answer(),
      () => this.#answer(),
      () => this.#speak(),
      () => this.#speak(),
      () => this.register(),
      () => this.#reconnect(),
    ]);
    act?.();
  }

  register(): void {
    const name = this.#pick(['a', 'a', 'a', 'b', 'c']) ?? '';
    const contact = `Contact: <sip:${name}@${this.#number}.invalid;transport=ws>\r\n`;
    const fields = `Expires: ${this.#pick([600, 600, 600, 0]) ?? 0}\r\n`;
    this.#send({ method: 'REGISTER', uri: 'sip:example.org', contact, fields, callId: this.#name() });
  }

  hangUp(): void {
    this.#line.flow.hangUp();
  }

  /** Mostly the last. */
  #pickLate<Item>(items: readonly Item[]): Item | undefined {
    return this.#pick([true, true, false]) ? items.at(-1) : this.#pick(items);
  }

  #name = (): string => `${this.#number}-${++this.#count}`;

  #send(options: Parameters<typeof request>[0]): void {
    const to = `<sip:${this.#number}@example.org>`;
    const frame = request({ from: `${to};tag=f`, ...options });
    this.#line.flow.receive(options.method === 'REGISTER' ? frame.replace(/^To: .*$/m, `To: ${to}`) : frame);
  }

  #hear(message: SipMessage): void {
    const { callId, from, to, cseq } = message.essentials;
    if (message.kind === 'request') {
      this.#requests.push(message);
      return;
    }
    const belief = this.#beliefs.find((each) => each.callId === callId && each.local === from.tag);
    if (belief !== undefined && cseq.method === 'INVITE') belief.remote ??= to.tag;
  }

  #dial(): void {
    const belief = {
      callId: this.#name(),
      branch: `z9hG4bK${this.#name()}`,
      local: this.#name(),
      sequence: 1,
    };
    this.#beliefs.push({ ...belief, remote: undefined });
    const from = `<sip:${this.#number}@example.org>;tag=${belief.local}`;
    const uri = `sip:${this.#pick(DIALLED) ?? ''}@example.org`;
    const { callId, branch } = belief;
    this.#send({ method: 'INVITE', uri, from, callId, branch, body: SDP });
  }

  #answer(): void {
    const asked = this.#pickLate(this.#requests);
    if (asked === undefined) return;
    const tag = this.#pick(['p', 'p', 'p', 'q']) ?? 'p';
    const body = this.#pick([SDP, SDP, SDP, 'nonsense', '']) ?? '';
    this.#line.flow.receive(response(asked, this.#pick(STATUSES) ?? 200, { tag, body }));
    const { callId, from } = asked.essentials;
    if (asked.method === 'INVITE' && !this.#beliefs.some((each) => each.callId === callId)) {
      this.#beliefs.push({
        callId,
        branch: `z9hG4bK${this.#name()}`,
        local: tag,
        remote: from.tag,
        sequence: 0,
      });
    }
    // In the same packet.
    if (this.#pick([true, false, false])) this.#speak();
  }

  #speak(): void {
    const belief = this.#pickLate(this.#beliefs);
    const method = this.#pick(METHODS) ?? 'BYE';
    if (belief === undefined) return;
    const [type, body] = this.#pick(BODIES) ?? ['', ''];
    const isOfInvite = method === 'ACK' || method === 'CANCEL';
    const other = this.#pick(this.#beliefs);
    const replaces = `%3Bto-tag%3D${other?.remote ?? 'x'}%3Bfrom-tag%3D${other?.local ?? 'x'}`;
    const target = this.#pick(['', `?Replaces=${other?.callId ?? ''}${replaces}`]) ?? '';
    this.#send({
      method,
      from: `<sip:${this.#number}@example.org>;tag=${belief.local}`,
      callId: belief.callId,
      sequence: isOfInvite ? 1 : (belief.sequence += this.#pick([0, 1, 1, 1]) ?? 1),
      fields:
        `Refer-To: <sip:${this.#pick(DIALLED) ?? ''}@example.org${target}>\r\n` +
        `Reason: SIP;cause=${this.#pick(STATUSES) ?? 200};text="\u0001"\r\n`,
      ...(method === 'CANCEL' || belief.remote === undefined ? {} : { tag: belief.remote }),
      ...(method === 'CANCEL' && { branch: belief.branch }),
      ...(!isOfInvite && { type, body }),
    });
  }

  #reconnect(): void {
    this.hangUp();
    this.#line = this.#house.phone(this.#number);
    this.register();
  }
}

test.for(Array.from({ length: 12 }, (_, seed) => seed + 1))(
  'whatever phones send, and whenever, causes no error of ours and leaves nothing behind (seed %i)',
  async (seed) => {
    const house = await openExchange();
    const { clock, exchange, failures } = house;
    const { fraction } = seeded(seed);
    const phones = ['101', '102', '103', '201'].map((number) => new WildPhone(house, number, fraction));
    for (let act = 0; act < 400 && failures.length === 0; act++) {
      phones[Math.floor(fraction() * phones.length)]?.act();
      if (fraction() < 0.5) await clock.advance(fraction() < 0.9 ? 20 : 9_000 * fraction());
    }
    for (const phone of phones) phone.hangUp();
    await clock.advance(600_000);
    expect(failures).toEqual([]);
    expect(exchange.counts).toEqual({ registrations: 0, asleep: 0, calls: 0 });
  },
);
