import { performance } from 'node:perf_hooks';
import { type Phone, unique } from './phone.ts';
import * as sip from './sip-text.ts';

const ALLOW = 'Allow: INVITE,ACK,CANCEL,BYE,UPDATE,MESSAGE,OPTIONS,REFER,INFO,NOTIFY\r\n';

/** The caller's side of a call, from its INVITE on (RFC 3261 §13.2). */
export class OutgoingCall {
  readonly #phone: Phone;
  readonly #callId = `${unique()}call`;
  readonly #from: string;
  #to: string;
  #sequence = 1;
  #uri: string;
  #route = '';

  constructor(phone: Phone, dialled: string) {
    const { account, target } = phone;
    this.#phone = phone;
    this.#uri = `sip:${dialled}@${target.domain}`;
    this.#from = `<sip:${account.user}@${target.domain}>;tag=${unique()}`;
    this.#to = `<${this.#uri}>`;
  }

  /** Sends the INVITE, resolves with the SDP of the 2xx, for which the ACK is still to be sent. */
  async invite(offer: string = sip.SESSION_DESCRIPTION): Promise<string> {
    const body =
      `Contact: ${this.#phone.contact.replace('>', ';ob>')}\r\nContent-Type: application/sdp\r\nSession-Expires: 90\r\n` +
      `${ALLOW}Supported: timer,ice,replaces,outbound\r\nUser-Agent: JsSIP 3.13.8\r\n` +
      `Content-Length: ${String(offer.length)}\r\n\r\n${offer}`;
    const response = await this.#request('INVITE', body);
    if (sip.status(response) !== 200) throw new Error(`INVITE was answered ${sip.firstLine(response)}`);
    this.#to = sip.field(response, 'To') ?? this.#to;
    this.#uri = sip.addressOf(sip.field(response, 'Contact') ?? this.#uri);
    for (const hop of sip.fields(response, 'Record-Route').toReversed()) this.#route += `Route: ${hop}\r\n`;
    return sip.body(response);
  }

  acknowledge(): void {
    this.#phone.send(this.#text('ACK', `z9hG4bK${unique()}`, 'Content-Length: 0\r\n\r\n'));
  }

  async info(digit: string): Promise<void> {
    const body = `Signal=${digit}\r\nDuration=100\r\n`;
    this.#sequence++;
    const response = await this.#request(
      'INFO',
      `Content-Type: application/dtmf-relay\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`,
    );
    if (sip.status(response) !== 200) throw new Error(`INFO was answered ${sip.firstLine(response)}`);
  }

  /** `hasEnded`: has the other side hung up? Then the server knows no such call any more (RFC 3261 §15.1.2). */
  async hangUp(hasEnded: () => boolean = () => false): Promise<void> {
    this.#sequence++;
    const response = await this.#request('BYE', 'Content-Length: 0\r\n\r\n');
    const status = sip.status(response);
    if (status !== 200 && !(status === 481 && hasEnded()))
      throw new Error(`BYE was answered ${sip.firstLine(response)}`);
  }

  #request(method: string, rest: string): Promise<string> {
    const branch = `z9hG4bK${unique()}`;
    return this.#phone.request(this.#text(method, branch, rest), branch);
  }

  #text(method: string, branch: string, rest: string): string {
    return (
      `${method} ${this.#uri} SIP/2.0\r\n${this.#route}Via: ${this.#phone.via};branch=${branch}\r\nMax-Forwards: 69\r\n` +
      `To: ${this.#to}\r\nFrom: ${this.#from}\r\nCall-ID: ${this.#callId}\r\nCSeq: ${String(this.#sequence)} ${method}\r\n${rest}`
    );
  }
}

/** The callee's side: says 100, 180 and 200 at once, and notes when things happened, in milliseconds. */
export class AnsweringPhone {
  answeredAt = 0;
  acknowledgedAt = 0;
  /** Resolve with the ACK and with the BYE of the next call. */
  acknowledged: Promise<void>;
  ended: Promise<void>;
  #onAck: () => void = () => {};
  #onBye: () => void = () => {};

  constructor(phone: Phone) {
    this.acknowledged = Promise.resolve();
    this.ended = Promise.resolve();
    phone.answer = (request, method) => {
      switch (method) {
        case 'INVITE': {
          const toTag = unique();
          phone.send(sip.respond(request, '100 Trying', { toTag: '' }));
          phone.send(sip.respond(request, '180 Ringing', { toTag, contact: phone.contact }));
          const answer = sip.respond(request, '200 OK', {
            toTag,
            contact: phone.contact,
            sdp: sip.SESSION_DESCRIPTION,
          });
          this.answeredAt = performance.now();
          return answer;
        }
        case 'ACK':
          this.acknowledgedAt = performance.now();
          this.#onAck();
          return undefined;
        case 'BYE':
          this.#onBye();
      }
      return sip.respond(request, '200 OK', { toTag: unique() });
    };
  }

  /** To be called before each call. */
  expect(): void {
    this.acknowledged = new Promise((resolve) => (this.#onAck = resolve));
    this.ended = new Promise((resolve) => (this.#onBye = resolve));
  }
}

/** One complete call: INVITE, 100, 180, 200, ACK, BYE, 200 on both sides. Returns when the caller had its 200. */
export async function completeCall(
  caller: Phone,
  callee: AnsweringPhone,
  dialled: string,
  talkMs = 0,
): Promise<{ readonly callerAnsweredAt: number }> {
  callee.expect();
  const call = new OutgoingCall(caller, dialled);
  await call.invite();
  const callerAnsweredAt = performance.now();
  call.acknowledge();
  await callee.acknowledged;
  if (talkMs > 0) await new Promise((resolve) => setTimeout(resolve, talkMs));
  await Promise.all([call.hangUp(), callee.ended]);
  return { callerAnsweredAt };
}
