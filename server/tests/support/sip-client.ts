import { hash } from 'node:crypto';
import { WebSocket } from 'ws';
import type { Chance } from '../../src/world/chance.ts';
import { systemChance } from '../../src/world/system-chance.ts';
import type { DemoExtension, DemoOrganization } from './served-organization.ts';
import * as sip from './sip-message.ts';
import type { Message } from './sip-message.ts';

const PATIENCE_MS = 5_000;

/** Fields that take the place of the usual ones, or are added to them. */
export interface RequestOptions {
  readonly from?: string;
  readonly to?: string;
  readonly callId?: string;
  readonly sequence?: number;
  readonly contact?: string;
  readonly branch?: string;
  readonly fields?: readonly string[];
  readonly body?: string;
}

export interface ResponseOptions {
  readonly toTag?: string;
  readonly fields?: readonly string[];
  readonly body?: string;
}

/** What a phone keeps when it loses its connection and comes back (RFC 5626 §4.1). */
export interface Identity {
  readonly host: string;
  readonly contact: string;
  readonly instance: string;
}

function newIdentity(chance: Chance): Identity {
  const host = `${chance.token()}.invalid`;
  return { host, contact: `<sip:${chance.token()}@${host};transport=ws>`, instance: chance.id() };
}

/** The source of a client's ids, whether any certificate will do, and a listener for the traffic on its socket. */
interface ClientOptions {
  readonly chance?: Chance;
  readonly trustsAnybody?: boolean;
  readonly heard?: (way: 'sent' | 'received', frame: string) => void;
}

/** A SIP phone over WebSocket without any behaviour of its own: the tests say what it sends and when. */
export class SipClient {
  readonly domain: string;
  readonly user: string;
  readonly identity: Identity;
  /** The closing code and reason, once the socket has closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  /** Called with each INVITE outside of a dialog, instead of keeping it for `request`. */
  onInvite: ((invite: Message) => void) | undefined;
  readonly #socket: WebSocket;
  readonly #account: DemoExtension;
  #inbox: Message[] = [];
  #readers: { readonly wants: (message: Message) => boolean; readonly take: (message: Message) => void }[] =
    [];
  readonly #chance: Chance;
  readonly #heard: ClientOptions['heard'];
  #sequence: number;

  private constructor(
    socket: WebSocket,
    account: DemoExtension,
    domain: string,
    identity: Identity,
    { chance = systemChance, heard }: ClientOptions,
  ) {
    this.#chance = chance;
    this.#heard = heard;
    this.#sequence = Math.floor(chance.fraction() * 10_000);
    this.#socket = socket;
    this.#account = account;
    this.domain = domain;
    this.user = account.number;
    this.identity = identity;
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    socket.on('message', (data) => this.#received(rawText(data)));
    socket.on('error', () => undefined);
  }

  /** Opens a flow. With the `identity` of another client it is the same phone on another connection. */
  static async connect(
    { sip }: Pick<DemoOrganization, 'sip'>,
    account: DemoExtension,
    identity?: Identity,
    options: ClientOptions = {},
  ): Promise<SipClient> {
    const socket = new WebSocket(sip.url, 'sip', { rejectUnauthorized: options.trustsAnybody !== true });
    const own = identity ?? newIdentity(options.chance ?? systemChance);
    const client = new SipClient(socket, account, sip.domain, own, options);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return client;
  }

  /** A client that is registered. */
  static async registered(
    organization: Pick<DemoOrganization, 'sip'>,
    account: DemoExtension,
    identity?: Identity,
    options?: ClientOptions,
  ): Promise<SipClient> {
    const client = await SipClient.connect(organization, account, identity, options);
    const response = await client.register();
    if (sip.status(response) !== 200) throw new Error(`not registered: ${response.startLine}`);
    return client;
  }

  /** Unique letters and digits: for tags, branches and Call-IDs. */
  token(): string {
    return this.#chance.token();
  }

  send(text: string | Buffer): void {
    this.#heard?.('sent', text.toString());
    this.#socket.send(text);
  }

  close(): void {
    this.#socket.terminate();
  }

  /** Unregisters and closes, as a phone that is put away. */
  async leave(): Promise<void> {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    await this.register({ expires: 0 });
    this.#socket.close();
  }

  address(user = this.user): string {
    return user.includes(':') ? user : `sip:${user}@${this.domain}`;
  }

  /** Takes the next message that `wants` it, received already or later. Throws after 5 s with what came instead. */
  async next(what: string, wants: (message: Message) => boolean, patienceMs = PATIENCE_MS): Promise<Message> {
    const at = this.#inbox.findIndex(wants);
    const [found] = at < 0 ? [] : this.#inbox.splice(at, 1);
    if (found !== undefined) return found;
    return new Promise((resolve, reject) => {
      const reader = {
        wants,
        take: (message: Message) => {
          clearTimeout(limit);
          resolve(message);
        },
      };
      const limit = setTimeout(() => {
        this.#readers = this.#readers.filter((each) => each !== reader);
        const others = this.#inbox.map((message) => message.startLine).join(', ');
        reject(new Error(`${this.user} waited for ${what} and has: ${others || 'nothing'}`));
      }, patienceMs);
      this.#readers.push(reader);
    });
  }

  /** The next request of that method. */
  request(method: string): Promise<Message> {
    return this.next(method, (message) => !sip.isResponse(message) && sip.method(message) === method);
  }

  /** The next response to the transaction of that branch; `least` passes over earlier provisional ones. */
  response(branch: string, least = 100): Promise<Message> {
    return this.next(
      `a response from ${String(least)}`,
      (message) => sip.isResponse(message) && sip.branch(message) === branch && sip.status(message) >= least,
    );
  }

  /** Requests that were received and that no test has taken yet. */
  unread(method: string): readonly Message[] {
    return this.#inbox.filter((message) => !sip.isResponse(message) && sip.method(message) === method);
  }

  /** Sends a request and resolves with its final response. */
  async transact(method: string, uri: string, options: RequestOptions = {}): Promise<Message> {
    return this.response(this.start(method, uri, options), 200);
  }

  /** Sends a request and returns its branch. */
  start(method: string, uri: string, options: RequestOptions = {}): string {
    const branch = options.branch ?? `z9hG4bK${this.token()}`;
    this.send(
      sip.format(
        `${method} ${uri} SIP/2.0`,
        [
          `Via: SIP/2.0/WS ${this.identity.host};branch=${branch}`,
          'Max-Forwards: 69',
          `From: ${options.from ?? `<${this.address()}>;tag=${this.token()}`}`,
          `To: ${options.to ?? `<${uri}>`}`,
          `Call-ID: ${options.callId ?? this.token()}`,
          `CSeq: ${String(options.sequence ?? ++this.#sequence)} ${method}`,
          `Contact: ${options.contact ?? this.identity.contact}`,
          ...bodyType(options),
          ...(options.fields ?? []),
        ],
        options.body,
      ),
    );
    return branch;
  }

  /** Answers a request of the server's. */
  respond(request: Message, statusLine: string, options: ResponseOptions = {}): void {
    const to = sip.field(request, 'To');
    this.send(
      sip.format(
        `SIP/2.0 ${statusLine}`,
        [
          ...sip.all(request, 'Via').map((via) => `Via: ${via}`),
          `From: ${sip.field(request, 'From')}`,
          `To: ${to}${options.toTag === undefined || to.includes(';tag=') ? '' : `;tag=${options.toTag}`}`,
          `Call-ID: ${sip.field(request, 'Call-ID')}`,
          `CSeq: ${sip.field(request, 'CSeq')}`,
          `Contact: ${this.identity.contact}`,
          ...bodyType(options),
          ...(options.fields ?? []),
        ],
        options.body,
      ),
    );
  }

  /** REGISTER, answering one challenge by digest (RFC 7616, RFC 8760); resolves with the last response. */
  async register(
    options: RequestOptions & { readonly algorithm?: 'MD5' | 'SHA-256'; readonly expires?: number } = {},
  ): Promise<Message> {
    const uri = `sip:${this.domain}`;
    const expires = options.expires ?? 600;
    const usual: RequestOptions = {
      to: `<${this.address()}>`,
      contact: `${this.identity.contact};reg-id=1;+sip.instance="<urn:uuid:${this.identity.instance}>";expires=${String(expires)}`,
      ...options,
    };
    const first = await this.transact('REGISTER', uri, usual);
    if (sip.status(first) !== 401) return first;
    const authorization = this.credentials(first, 'REGISTER', uri, options.algorithm ?? 'MD5');
    return this.transact('REGISTER', uri, { ...usual, fields: [...(usual.fields ?? []), authorization] });
  }

  /** An Authorization field that answers the challenge of that algorithm. */
  credentials(
    challenged: Message,
    method: string,
    uri: string,
    algorithm: 'MD5' | 'SHA-256',
    password = this.#account.sip.password,
  ): string {
    const challenge = sip
      .all(challenged, 'WWW-Authenticate')
      .find((value) => new RegExp(`algorithm="?${algorithm}"?(,|$)`).test(value));
    if (challenge === undefined) throw new Error(`no ${algorithm} challenge in ${challenged.startLine}`);
    const parameter = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
    const digest = (text: string): string => hash(algorithm === 'MD5' ? 'md5' : 'sha256', text);
    const { username } = this.#account.sip;
    const [realm, nonce, opaque, cnonce] = [
      parameter('realm'),
      parameter('nonce'),
      parameter('opaque'),
      this.token(),
    ];
    const secret = digest(`${username}:${realm}:${password}`);
    const response = digest(`${secret}:${nonce}:00000001:${cnonce}:auth:${digest(`${method}:${uri}`)}`);
    return (
      `Authorization: Digest algorithm=${algorithm}, username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", ` +
      `response="${response}", qop=auth, cnonce="${cnonce}", nc=00000001${opaque === '' ? '' : `, opaque="${opaque}"`}`
    );
  }

  #received(text: string): void {
    this.#heard?.('received', text);
    if (text.trim() === '') return;
    const message = sip.parse(text);
    if (this.onInvite && !sip.isResponse(message) && sip.method(message) === 'INVITE') {
      this.onInvite(message);
      return;
    }
    const reader = this.#readers.find((each) => each.wants(message));
    if (reader === undefined) {
      this.#inbox.push(message);
      return;
    }
    this.#readers = this.#readers.filter((each) => each !== reader);
    reader.take(message);
  }
}

/** A body is SDP where nothing else is said. */
function bodyType({ body, fields = [] }: RequestOptions | ResponseOptions): readonly string[] {
  const said = fields.some((field) => field.startsWith('Content-Type:'));
  return body === undefined || said ? [] : ['Content-Type: application/sdp'];
}

function rawText(data: WebSocket.RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString();
}
