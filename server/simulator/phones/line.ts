import { parseMessage } from '../../src/sip/message/parse.ts';
import type { SipMessage, SipRequest, SipResponse } from '../../src/sip/message/message.ts';
import type { Connection, ConnectionUser } from '../world/connection.ts';
import type { Dice } from '../world/dice.ts';
import type { SimulatedClock } from '../world/simulated-clock.ts';
import { requestText, type RequestText, responseText } from './sip-text.ts';
import { type Answered, Transactions } from './transactions.ts';

/** How a phone differs from others. */
export interface Make {
  /** As Perch's pages: `+perch.reseat` and `+perch.heartbeat`, a description that trickles. */
  readonly isOurs: boolean;
}

export interface LineWorld extends Make {
  readonly clock: SimulatedClock;
  readonly dice: Dice;
  readonly name: string;
  readonly number: string;
  readonly domain: string;
  readonly token: string;
  readonly instance: string;
  connect(user: ConnectionUser): Connection;
  sent(frame: string): void;
}

type Partial_ = Omit<RequestText, 'branch' | 'host' | 'contact' | 'method'> & { readonly branch?: string };

const EXPIRES_S = 600;
const BACK_AFTER_MS = [300, 6_000] as const;
/** After it was refused. */
const REFUSED_MS = 20_000;
const TIMEOUT_MS = 32_000;
/** Where a connection does not answer for so long, a phone takes another one. */
const PATIENCE_MS = 5_000;

/** The connection of a phone to the server, kept up and registered over, and the transactions on it. */
export class Line {
  readonly world: LineWorld;
  /** What the phone does with what the server asks, and when it has registered or lost its line. */
  asked: (request: SipRequest) => void = () => undefined;
  registered: () => void = () => undefined;
  lost: () => void = () => undefined;
  connection: Connection | undefined;
  isRegistered = false;
  /** Its script does not run: what arrives is read later. */
  isAsleep = false;
  /** It wants a line. */
  isOn = false;
  #isRetired = false;
  #inbox: (() => void)[] = [];
  #contact = '';
  #host = '';
  #callId = '';
  #sequence = 0;
  #tags = 0;
  #stopWaiting: () => void = () => undefined;
  readonly #transactions = new Transactions();

  constructor(world: LineWorld) {
    this.world = world;
    this.renew();
  }

  /** The page is loaded: nothing of before is known. */
  renew(): void {
    this.#host = `${this.token()}.invalid`;
    this.#contact = `<sip:${this.token()}@${this.#host};transport=ws>`;
    this.#callId = this.token();
    this.#sequence = 0;
  }

  token(): string {
    return `${this.world.name}${(++this.#tags).toString(36)}x${this.world.dice.bits().toString(36)}`;
  }

  get contact(): string {
    return this.#contact;
  }

  address(number = this.world.number): string {
    return `sip:${number}@${this.world.domain}`;
  }

  on(): void {
    if (this.#isRetired) return;
    this.isOn = true;
    if (this.connection === undefined) this.#connect();
  }

  /** It is put away for good. */
  retire(isAbrupt: boolean): void {
    this.#isRetired = true;
    this.off(isAbrupt);
  }

  /** Without a word, or as a browser that is closed. */
  off(isAbrupt: boolean): void {
    this.isOn = false;
    this.#stopWaiting();
    this.#drop((connection) => connection.hangUp(isAbrupt));
  }

  /** Takes another connection, and leaves the old one as it is: what was sent over it may still arrive. */
  change(isAbrupt: boolean): void {
    if (!this.isOn) return;
    this.#drop((connection) => connection.hangUp(isAbrupt));
    this.#stopWaiting();
    this.#connect();
  }

  wake(): void {
    this.isAsleep = false;
    for (const read of this.#inbox.splice(0)) read();
  }

  /** What arrives is read at once, or when the script runs again. */
  read(arrived: () => void): void {
    if (this.isAsleep) this.#inbox.push(arrived);
    else arrived();
  }

  request(
    method: string,
    text: Partial_,
    answered: Answered = () => undefined,
    provisional: (response: SipResponse) => void = () => undefined,
  ): string {
    const branch = text.branch ?? `z9hG4bK${this.token()}`;
    const { connection } = this;
    if (connection?.openThere !== true) {
      this.world.clock.after(0, () => answered({ kind: 'none', status: 503 }));
      return branch;
    }
    if (method !== 'ACK') {
      const key = `${branch} ${method}`;
      const stopTimeout = this.world.clock.after(TIMEOUT_MS, () => this.#transactions.end(key, 408));
      const stopPatience =
        method === 'INVITE'
          ? () => undefined
          : this.world.clock.after(PATIENCE_MS, () => {
              if (this.connection === connection && !this.isAsleep) this.change(true);
            });
      const stop = (): void => {
        stopTimeout();
        stopPatience();
      };
      this.#transactions.begin(key, { method, connection, provisional, answered, stop });
    }
    this.#send(requestText({ ...text, method, branch, host: this.#host, contact: this.#contact }));
    return branch;
  }

  respond(
    request: SipRequest,
    status: string,
    text: { tag?: string; fields?: readonly string[]; body?: string } = {},
  ): void {
    this.#send(responseText(request, status, { contact: this.#contact, ...text }));
  }

  register(expires = EXPIRES_S): void {
    const { domain, token, instance, isOurs } = this.world;
    const flags = isOurs ? ';+perch.reseat;+perch.heartbeat' : '';
    const branch = `z9hG4bK${this.token()}`;
    const contact = `${this.#contact};reg-id=1;+sip.instance="<${instance}>"${flags};expires=${String(expires)}`;
    const key = `${branch} REGISTER`;
    const { connection } = this;
    if (connection === undefined) return;
    const answered: Answered = (response) => {
      if (response.status === 200 && this.connection === connection) {
        if (this.isRegistered) return;
        this.isRegistered = true;
        this.registered();
      } else if (this.connection === connection) this.#rest(response.status === 403);
    };
    const stop = this.world.clock.after(PATIENCE_MS, () => this.#transactions.end(key, 408));
    this.#transactions.begin(key, {
      method: 'REGISTER',
      connection,
      provisional: () => undefined,
      answered,
      stop,
    });
    this.#send(
      requestText({
        ...{ method: 'REGISTER', uri: `sip:${domain}`, host: this.#host, branch, contact },
        ...{ from: `<${this.address()}>;tag=${this.token()}`, to: `<${this.address()}>` },
        ...{ callId: this.#callId, sequence: ++this.#sequence },
        fields: [`Authorization: Bearer ${token}`, `Expires: ${String(expires)}`],
      }),
    );
  }

  #connect(): void {
    const connection: Connection = this.world.connect({
      opened: () => {
        if (this.connection !== connection) return;
        this.register();
        this.#refreshLater(connection);
      },
      received: (frame) => {
        if (this.connection !== connection) return;
        this.read(() => this.#read(frame));
      },
      closed: () => {
        if (this.connection === connection) this.#drop(() => undefined);
      },
    });
    this.connection = connection;
    // A handshake that is never answered.
    this.#stopWaiting = this.world.clock.after(2 * PATIENCE_MS, () => {
      if (this.connection === connection && !this.isRegistered && !this.isAsleep) this.change(true);
    });
  }

  /** It is let in no more, or got no answer: it tries again on another connection, at once or after a while. */
  #rest(isRefused: boolean): void {
    if (!isRefused) {
      this.change(true);
      return;
    }
    this.#drop((connection) => connection.hangUp());
    this.#stopWaiting();
    this.#stopWaiting = this.world.clock.after(REFUSED_MS, () => {
      if (this.isOn && this.connection === undefined) this.#connect();
    });
  }

  #refreshLater(connection: Connection): void {
    this.world.clock.after(EXPIRES_S * 900, () => {
      if (this.connection !== connection) return;
      if (!this.isAsleep) this.register();
      this.#refreshLater(connection);
    });
  }

  #drop(leave: (connection: Connection) => void): void {
    const { connection } = this;
    if (connection === undefined) return;
    this.connection = undefined;
    this.isRegistered = false;
    this.#inbox = [];
    leave(connection);
    this.#transactions.endOn(connection);
    this.lost();
    const { clock, dice } = this.world;
    this.#stopWaiting();
    if (this.isOn)
      this.#stopWaiting = clock.after(dice.between(...BACK_AFTER_MS), () => {
        if (this.isOn && this.connection === undefined) this.#connect();
      });
  }

  #send(frame: string): void {
    const { connection } = this;
    if (connection?.openThere !== true) return;
    this.world.sent(frame);
    connection.sendUp(frame);
  }

  #read(frame: string): void {
    const message = parsed(frame);
    if (message.kind === 'request') this.asked(message);
    else this.#transactions.answered(message);
  }
}

export function parsed(frame: string): SipMessage {
  const result = parseMessage(frame);
  if (!result.ok) throw new Error(`the server has sent what is no SIP message: ${result.reason}`);
  return result.message;
}
