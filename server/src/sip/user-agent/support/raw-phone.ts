import type { SipMessage } from '../../message/message.ts';
import type { ServerTransaction } from '../../transaction/transaction-layer.ts';
import { FakeFlow } from '../../transport/support/fake-flow.ts';
import { VirtualClock } from '../../../world/virtual-clock.ts';
import type { InboundLeg, Leg, LegEvent } from '../leg.ts';
import { parsed, seeded, summary } from './test-line.ts';
import { createUserAgent } from '../user-agent.ts';

/** A phone whose every octet the test writes itself, and the user agent that it talks to. */
export class RawPhone {
  readonly clock = new VirtualClock();
  readonly invited: InboundLeg[] = [];
  readonly requested: ServerTransaction[] = [];
  readonly faults: unknown[] = [];
  readonly events: LegEvent[] = [];
  /** The labels of legs, by their Call-IDs. */
  readonly labelled: (readonly [callId: string, label: string])[] = [];
  readonly agent = createUserAgent({
    domain: 'example.org',
    clock: this.clock,
    random: seeded(7),
    listener: {
      invited: (leg) => {
        this.invited.push(this.watch(leg));
      },
      requested: (transaction) => {
        this.requested.push(transaction);
        this.answer(transaction);
      },
      sameAccount: (flow, other) => flow.remoteAddress === other.remoteAddress,
      owed: () => false,
      paid: () => undefined,
      labelled: (callId, [, label]) => this.labelled.push([callId, label]),
      failed: (error) => this.faults.push(error),
    },
  });
  readonly flow = this.connect();
  /** What is done with requests that no leg consumes. */
  answer = (transaction: ServerTransaction): void => {
    transaction.respond({ status: 200 });
  };

  /** Another connection, of the same account where the address is the same. */
  connect(address?: string): FakeFlow {
    return new FakeFlow(
      {
        opened: () => undefined,
        received: (flow, frame) => {
          this.agent.receive(flow, parsed(frame));
        },
        closed: (flow) => {
          this.agent.flowClosed(flow);
        },
      },
      address,
    );
  }

  watch<AnyLeg extends Leg>(leg: AnyLeg): AnyLeg {
    leg.listen((event) => this.events.push(event));
    return leg;
  }

  /** The messages received since the last call. */
  heard(): SipMessage[] {
    return this.flow.sent.splice(0).map(parsed);
  }

  /** The messages received since the last call, as `200 INVITE`. */
  summaries(): string[] {
    return this.heard().map(summary);
  }

  /** Lets microtasks run. */
  async settle(): Promise<void> {
    await this.clock.advance(0);
  }

  /** A call that this phone made, answered and acknowledged: the server's tag. */
  async call(invite: RequestOptions = {}): Promise<string> {
    this.flow.receive(request({ method: 'INVITE', body: 'offer', ...invite }));
    this.invited.at(-1)?.answer('answer');
    const tag = /^To: .*;tag=([^;\r]+)/m.exec(this.flow.sent.at(-1) ?? '')?.[1] ?? '';
    this.flow.receive(request({ method: 'ACK', tag }));
    await this.settle();
    this.flow.sent.length = this.events.length = 0;
    return tag;
  }
}

export interface RequestOptions {
  readonly method?: string;
  readonly uri?: string;
  readonly sequence?: number;
  readonly branch?: string;
  readonly from?: string;
  readonly callId?: string;
  /** Of To: the server's tag, within a dialog. */
  readonly tag?: string;
  /** Whole lines. */
  readonly fields?: string;
  readonly contact?: string;
  /** SDP, where no other type is given. */
  readonly body?: string;
  readonly type?: string;
}

let branches = 0;

/** A request as JsSIP writes it. */
export function request(options: RequestOptions): string {
  const { method = 'OPTIONS', uri = 'sip:101@example.org', sequence = 1, tag, fields = '' } = options;
  const { branch = `z9hG4bK${String(++branches)}`, from = '<sip:102@example.org>;tag=f' } = options;
  const { contact = 'Contact: <sip:x@y.invalid;transport=ws>\r\n', body = '', callId = 'call-1' } = options;
  const type = body === '' ? '' : `Content-Type: ${options.type ?? 'application/sdp'}\r\n`;
  return (
    `${method} ${uri} SIP/2.0\r\nVia: SIP/2.0/WS phone.invalid;branch=${branch}\r\n${/^Max-Forwards/m.test(fields) ? '' : 'Max-Forwards: 69\r\n'}` +
    `To: <sip:101@example.org>${tag === undefined ? '' : `;tag=${tag}`}\r\nFrom: ${from}\r\nCall-ID: ${callId}\r\n` +
    `CSeq: ${String(sequence)} ${method}\r\n${contact}${fields}${type}Content-Length: ${String(body.length)}\r\n\r\n${body}`
  );
}

/** The answer of a phone to a request of the server. */
export function response(to: SipMessage | undefined, status: number, options: RequestOptions = {}): string {
  if (to?.kind !== 'request') throw new Error('no request to answer');
  const {
    tag = 'p',
    fields = '',
    body = '',
    contact = 'Contact: <sip:x@y.invalid;transport=ws>\r\n',
  } = options;
  const line = (name: string) => to.headers.lines(name);
  const known = to.essentials.to.tag !== undefined;
  return (
    `SIP/2.0 ${String(status)} Whatever\r\n${line('via')}${line('from')}` +
    `To: ${to.headers.get('to') ?? ''}${known ? '' : `;tag=${tag}`}\r\n${line('call-id')}${line('cseq')}${contact}${fields}` +
    `${body === '' ? '' : 'Content-Type: application/sdp\r\n'}Content-Length: ${String(body.length)}\r\n\r\n${body}`
  );
}
