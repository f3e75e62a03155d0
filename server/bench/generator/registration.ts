import { hash } from 'node:crypto';
import type { Authentication } from '../load.ts';
import { type Phone, unique } from './phone.ts';
import { challengeParameter, field, firstLine, status } from './sip-text.ts';

const md5 = (text: string): string => hash('md5', text);
const CLIENT_NONCE = 'f3a91c07';

/** The registration of one phone, with the message that JsSIP would send (RFC 3261 §10.2, RFC 5626 §4.2). */
export class Registration {
  /** How often the server asked for credentials. */
  challenges = 0;
  readonly #phone: Phone;
  readonly #head: string;
  readonly #tail: string;
  readonly #uri: string;
  readonly #requestHash: string;
  #sequence = 0;
  #realm = '';
  #accountHash = '';
  #nonce = '';
  #nonceCount = 0;

  constructor(phone: Phone) {
    const { account, target, contact, instance } = phone;
    const address = `sip:${account.user}@${target.domain}`;
    this.#phone = phone;
    this.#uri = `sip:${target.domain}`;
    this.#requestHash = md5(`REGISTER:${this.#uri}`);
    this.#head =
      `Max-Forwards: 69\r\nTo: <${address}>\r\nFrom: <${address}>;tag=${unique()}\r\n` +
      `Call-ID: ${unique()}registration\r\nCSeq: `;
    this.#tail =
      `Contact: ${contact};+sip.ice;reg-id=1;+sip.instance="<urn:uuid:${instance}>";expires=600\r\n` +
      'Expires: 600\r\nAllow: INVITE,ACK,CANCEL,BYE,UPDATE,MESSAGE,OPTIONS,REFER,INFO,NOTIFY\r\n' +
      'Supported: path,gruu,outbound\r\nUser-Agent: JsSIP 3.13.8\r\nContent-Length: 0\r\n\r\n';
  }

  /** Registers a phone that has only just connected: challenged, then accepted. */
  first(): Promise<void> {
    this.#nonce = '';
    return this.#register('');
  }

  /** Refreshes the registration. */
  refresh(authentication: Authentication): Promise<void> {
    switch (authentication) {
      case 'flow':
        return this.#register('');
      case 'cached-nonce':
        return this.#register(this.#credentials());
      case 'challenge':
        return this.#refreshChallenged();
    }
  }

  /**
   * Where a flow stays authenticated, a REGISTER without credentials is simply accepted; the first attempt then carries
   * the right password under a nonce that the server never gave, which costs that server more, not less.
   */
  async #refreshChallenged(): Promise<void> {
    const before = this.challenges;
    if (this.#phone.target.authenticatedFlows) {
      this.#nonce = '00000000stale0nonce00000000';
      this.#nonceCount = 0;
      await this.#register(this.#credentials());
    } else {
      await this.#register('');
    }
    if (this.challenges !== before + 1) throw new Error('a REGISTER that had to be challenged was not');
  }

  async #register(credentials: string): Promise<void> {
    const response = await this.#send(credentials);
    if (status(response) === 200) return;
    if (status(response) !== 401) throw new Error(`REGISTER was answered ${firstLine(response)}`);
    this.challenges++;
    this.#challenged(field(response, 'WWW-Authenticate', 'last') ?? '');
    const second = await this.#send(this.#credentials());
    if (status(second) !== 200)
      throw new Error(`REGISTER with credentials was answered ${firstLine(second)}`);
  }

  #send(credentials: string): Promise<string> {
    const id = `z9hG4bK${unique()}`;
    return this.#phone.request(
      `REGISTER ${this.#uri} SIP/2.0\r\nVia: ${this.#phone.via};branch=${id}\r\n${this.#head}${String(++this.#sequence)} REGISTER\r\n` +
        credentials +
        this.#tail,
      id,
    );
  }

  #challenged(challenge: string): void {
    const realm = challengeParameter(challenge, 'realm');
    if (realm !== this.#realm) {
      const { username, password } = this.#phone.account;
      this.#realm = realm;
      this.#accountHash = md5(`${username}:${realm}:${password}`);
    }
    this.#nonce = challengeParameter(challenge, 'nonce');
    this.#nonceCount = 0;
  }

  /** Digest credentials with the next nonce count (RFC 7616 §3.4, RFC 2617 §3.2.2). */
  #credentials(): string {
    const count = (++this.#nonceCount).toString(16).padStart(8, '0');
    const response = md5(
      `${this.#accountHash}:${this.#nonce}:${count}:${CLIENT_NONCE}:auth:${this.#requestHash}`,
    );
    return (
      `Authorization: Digest algorithm=MD5, username="${this.#phone.account.username}", realm="${this.#realm}", ` +
      `nonce="${this.#nonce}", uri="${this.#uri}", response="${response}", qop=auth, cnonce="${CLIENT_NONCE}", nc=${count}\r\n`
    );
  }
}
