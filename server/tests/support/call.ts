import { sdp } from './sdp.ts';
import type { RequestOptions, SipClient } from './sip-client.ts';
import * as sip from './sip-message.ts';
import type { Message } from './sip-message.ts';

/** One side of an INVITE dialog (RFC 3261 §12), for the requests that the tests send in it. */
export class Dialog {
  readonly client: SipClient;
  readonly callId: string;
  readonly local: string;
  readonly remote: string;
  readonly target: string;
  readonly #inviteSequence: number;
  #sequence: number;

  constructor(
    client: SipClient,
    ends: {
      readonly callId: string;
      readonly local: string;
      readonly remote: string;
      readonly target: string;
      readonly sequence: number;
    },
  ) {
    this.client = client;
    this.callId = ends.callId;
    this.local = ends.local;
    this.remote = ends.remote;
    this.target = ends.target;
    this.#inviteSequence = ends.sequence;
    this.#sequence = ends.sequence;
  }

  /** Sends a request in the dialog and resolves with its final response. */
  request(method: string, options: RequestOptions = {}): Promise<Message> {
    return this.client.response(this.start(method, options), 200);
  }

  start(method: string, options: RequestOptions = {}): string {
    return this.client.start(method, this.target, {
      from: this.local,
      to: this.remote,
      callId: this.callId,
      sequence: options.sequence ?? ++this.#sequence,
      ...options,
    });
  }

  acknowledge(sequence = this.#inviteSequence): void {
    this.start('ACK', { sequence });
  }
}

/** An INVITE on its way. */
export class Call {
  readonly client: SipClient;
  readonly branch: string;
  readonly callId: string;
  readonly #from: string;
  readonly #uri: string;

  constructor(client: SipClient, dialled: string, options: RequestOptions = {}) {
    this.client = client;
    this.callId = client.token();
    this.#uri = client.address(dialled);
    this.#from = options.from ?? `<${client.address()}>;tag=${client.token()}`;
    this.branch = client.start('INVITE', this.#uri, {
      body: sdp('1'),
      ...options,
      callId: this.callId,
      from: this.#from,
      sequence: 1,
    });
  }

  response(least?: number): Promise<Message> {
    return this.client.response(this.branch, least);
  }

  /** Acknowledges the 200, which it waits for unless it is given. */
  async answered(given?: Message): Promise<Dialog> {
    const response = given ?? (await this.response(200));
    if (sip.status(response) !== 200) throw new Error(`INVITE was answered ${response.startLine}`);
    const dialog = new Dialog(this.client, {
      callId: this.callId,
      local: this.#from,
      remote: sip.field(response, 'To'),
      target: sip.uriOf(sip.field(response, 'Contact')),
      sequence: 1,
    });
    dialog.acknowledge();
    return dialog;
  }

  /** The call is not taken: the mailbox answers, and is hung up on. */
  async reachedMailbox(): Promise<void> {
    const dialog = await this.answered();
    await dialog.request('BYE');
  }

  /** Waits for the refusal, whether or not a CANCEL's own 200 came first, and acknowledges it. */
  async refused(): Promise<Message> {
    const response = await this.client.next(
      'a refusal',
      (message) =>
        sip.isResponse(message) && sip.branch(message) === this.branch && sip.status(message) >= 300,
    );
    this.acknowledgeRefusal(response);
    return response;
  }

  /** ACK to a refusal (RFC 3261 §17.1.1.3): the INVITE's own branch. */
  acknowledgeRefusal(response: Message): void {
    this.client.start('ACK', this.#uri, {
      branch: this.branch,
      callId: this.callId,
      from: this.#from,
      to: sip.field(response, 'To'),
      sequence: 1,
    });
  }

  cancel(): string {
    return this.client.start('CANCEL', this.#uri, {
      branch: this.branch,
      callId: this.callId,
      from: this.#from,
      sequence: 1,
    });
  }
}

/** Takes the next INVITE, rings, answers it and waits for its ACK. */
export async function answer(client: SipClient): Promise<Dialog> {
  const invite = await client.request('INVITE');
  const toTag = client.token();
  client.respond(invite, '180 Ringing', { toTag });
  client.respond(invite, '200 OK', { toTag, body: sdp('2') });
  await client.request('ACK');
  return dialogOf(client, invite, toTag);
}

/** The callee's dialog of an INVITE that was answered with that tag. */
export const dialogOf = (client: SipClient, invite: Message, toTag: string): Dialog =>
  new Dialog(client, {
    callId: sip.field(invite, 'Call-ID'),
    local: `${sip.field(invite, 'To')};tag=${toTag}`,
    remote: sip.field(invite, 'From'),
    target: sip.uriOf(sip.field(invite, 'Contact')),
    sequence: 1,
  });

/** An established call between two registered phones. */
export async function connectCall(
  caller: SipClient,
  callee: SipClient,
  dialled = callee.user,
): Promise<readonly [Dialog, Dialog]> {
  const call = new Call(caller, dialled);
  const [theirs, ours] = await Promise.all([answer(callee), call.answered()]);
  return [ours, theirs];
}
