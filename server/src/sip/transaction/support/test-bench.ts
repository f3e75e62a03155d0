import type { SipMessage, SipRequest, SipResponse } from '../../message/message.ts';
import { parseMessage } from '../../message/parse.ts';
import { FakeFlow } from '../../transport/support/fake-flow.ts';
import { VirtualClock } from '../../../world/virtual-clock.ts';
import { createTransactionLayer } from '../flow-transactions.ts';
import type {
  ClientTransactionUser,
  OutgoingRequest,
  ServerTransaction,
  TransactionLayer,
  TransactionUser,
} from '../transaction-layer.ts';

/** A frame as the message that it must be. */
export function parsed(frame: string): SipMessage {
  const result = parseMessage(frame);
  if (!result.ok) throw new Error(`${result.reason} in ${frame}`);
  return result.message;
}

/** What the server sent over a flow, a line each: `200 INVITE`, `ACK`. */
export const transcript = (flow: FakeFlow): readonly string[] =>
  flow.sent.map((frame) => {
    const message = parsed(frame);
    return message.kind === 'request'
      ? message.method
      : `${String(message.status)} ${message.essentials.cseq.method}`;
  });

/** What the server sent last. */
export function lastSent(flow: FakeFlow): SipMessage {
  return parsed(flow.sent.at(-1) ?? '');
}

interface RequestOptions {
  readonly branch?: string;
  readonly cseq?: number;
  readonly toTag?: string;
  readonly body?: string;
}

/** A request as JsSIP writes it. */
export function request(
  method: string,
  { branch = 'z9hG4bK776asd', cseq = 1, toTag, body = '' }: RequestOptions = {},
): string {
  return [
    `${method} sip:102@example.org SIP/2.0`,
    `Via: SIP/2.0/WS df7jal23ls0d.invalid${branch === '' ? '' : `;branch=${branch}`}`,
    'Max-Forwards: 69',
    `To: <sip:102@example.org>${toTag === undefined ? '' : `;tag=${toTag}`}`,
    'From: <sip:101@example.org>;tag=asd7',
    'Call-ID: asidkj3ss',
    `CSeq: ${String(cseq)} ${method}`,
    `Content-Length: ${String(body.length)}`,
    '',
    body,
  ].join('\r\n');
}

/** A response of the peer to what the server sent last, or to `frame`. */
export function response(flow: FakeFlow, status: number, frame = flow.sent.at(-1) ?? ''): string {
  const { headers } = parsed(frame);
  return [
    `SIP/2.0 ${String(status)} Whatever`,
    `Via: ${headers.get('via') ?? ''}`,
    `From: ${headers.get('from') ?? ''}`,
    `To: ${headers.get('to') ?? ''};tag=peer`,
    `Call-ID: ${headers.get('call-id') ?? ''}`,
    `CSeq: ${headers.get('cseq') ?? ''}`,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

export const outgoing = (method: string): OutgoingRequest => ({
  method,
  uri: 'sip:101@df7jal23ls0d.invalid;transport=ws',
  fields: [
    ['From', '"Ben" <sip:102@example.org>;tag=ours'],
    ['To', '<sip:101@example.org>'],
    ['Call-ID', 'ours-1'],
    ['CSeq', `7 ${method}`],
    ['Route', '<sip:edge.example.org;lr>'],
    ['Contact', '<sip:edge.example.org>'],
  ],
});

/** A layer between flows in memory and a user that keeps what it hears. */
export class Bench implements TransactionUser {
  readonly clock = new VirtualClock();
  readonly layer: TransactionLayer;
  readonly requests: ServerTransaction[] = [];
  readonly acks: SipRequest[] = [];
  readonly cancelledOnes: ServerTransaction[] = [];
  readonly abandonedOnes: SipRequest[] = [];
  /** What the user does with a request. */
  answer: (transaction: ServerTransaction) => void = () => undefined;

  constructor() {
    this.layer = createTransactionLayer({ user: this, clock: this.clock, random: () => 0.5 });
  }

  connect(remoteAddress?: string): FakeFlow {
    return new FakeFlow(
      {
        opened: () => undefined,
        received: (flow, frame) => {
          this.layer.receive(flow, parsed(frame));
        },
        closed: (flow) => {
          this.layer.flowClosed(flow);
        },
      },
      remoteAddress,
    );
  }

  request(transaction: ServerTransaction): void {
    this.requests.push(transaction);
    this.answer(transaction);
  }

  ack(request: SipRequest): void {
    this.acks.push(request);
  }

  cancelled(transaction: ServerTransaction): void {
    this.cancelledOnes.push(transaction);
  }

  abandoned(cancel: SipRequest): void {
    this.abandonedOnes.push(cancel);
  }
}

/** A user of a request of ours that keeps what it hears, a line each: `180`, `200`, `timeout`. */
export class Ear implements ClientTransactionUser {
  readonly heard: string[] = [];
  readonly responses: SipResponse[] = [];

  provisional(response: SipResponse): void {
    this.heard.push(String(response.status));
    this.responses.push(response);
  }

  final(response: SipResponse): void {
    this.provisional(response);
  }

  failed(cause: 'timeout' | 'transport'): void {
    this.heard.push(cause);
  }
}
