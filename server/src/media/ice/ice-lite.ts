import type { Chance } from '../../world/chance.ts';
import { bindingSuccess, isAuthentic, localFragment, roleConflict, unknownAttributes } from './stun.ts';
import type { BindingRequest } from './stun.ts';
import type { Peer } from './udp-port.ts';

/** Username fragment and password of this end (RFC 8445 §5.3). */
export interface IceCredentials {
  readonly ufrag: string;
  readonly password: string;
}

/** What a check did. A forged one has no effect and gets no answer, so that its sender learns nothing. */
export type CheckOutcome =
  | { readonly kind: 'forged' }
  | { readonly kind: 'refused' | 'answered'; readonly response: Buffer };

/** Twice the 24 and 128 bits that RFC 8445 §5.3 asks for. */
const UFRAG_OCTETS = 6;
const PASSWORD_OCTETS = 32;

const newCredentials = (chance: Chance): IceCredentials => ({
  ufrag: iceText(chance.bytes(UFRAG_OCTETS)),
  password: iceText(chance.bytes(PASSWORD_OCTETS)),
});

/** Octets in ICE's alphabet, which is that of base64 (RFC 8839 §5.4). */
const iceText = (octets: Buffer): string => octets.toString('base64').replaceAll('=', '');

/**
 * The lite end of ICE (RFC 8445 §2.5): it never checks, it answers the peer's checks and sends to the pair that the peer
 * nominates. After a restart the old credentials hold until the new ones have a nominated pair, so that sound goes on.
 */
export class IceLite {
  readonly #chance: Chance;
  #current: IceCredentials;
  /** The credentials under which the pair in use was found, while the current ones have no pair. */
  #previous: IceCredentials | undefined;
  #nominated = false;
  #remote: Peer | undefined;

  constructor(chance: Chance) {
    this.#chance = chance;
    this.#current = newCredentials(chance);
  }

  get credentials(): IceCredentials {
    return this.#current;
  }

  /** The username fragments that checks may come for. */
  get ufrags(): string[] {
    return this.#generations.map(({ ufrag }) => ufrag);
  }

  /** Where to send: the nominated pair, before it the first that passed a check. */
  get remote(): Peer | undefined {
    return this.#remote;
  }

  /** New credentials (RFC 8445 §9); those of a restart that nominated no pair are forgotten. */
  restart(): void {
    if (this.#nominated || !this.#previous) this.#previous = this.#current;
    this.#current = newCredentials(this.#chance);
    this.#nominated = false;
  }

  /** Answers a check that came from `peer` for one of this agent's fragments (RFC 8445 §7.3). */
  check(request: BindingRequest, peer: Peer): CheckOutcome {
    const fragment = localFragment(request.username);
    const credentials = this.#generations.find(({ ufrag }) => ufrag === fragment);
    if (!credentials || !isAuthentic(request, credentials.password)) return { kind: 'forged' };
    const { password } = credentials;
    if (request.unknown.length > 0)
      return { kind: 'refused', response: unknownAttributes(request, password) };
    if (request.controlled) return { kind: 'refused', response: roleConflict(request, password) };

    if (credentials === this.#current && request.useCandidate) {
      this.#remote = peer;
      this.#nominated = true;
      this.#previous = undefined;
    }
    // RFC 8445 §7.3.1.5 would have a lite agent wait for a nomination; an address that passed a check is proven as well, and
    // the handshake can begin meanwhile.
    this.#remote ??= peer;
    return { kind: 'answered', response: bindingSuccess(request, peer, password) };
  }

  get #generations(): IceCredentials[] {
    return this.#previous ? [this.#previous, this.#current] : [this.#current];
  }
}
