import { peerKey } from '../ice/udp-port.ts';
import type { Peer } from '../ice/udp-port.ts';

/** A browser checks from each of its addresses; none needs more paths than this at a time. */
const MOST_PATHS = 16;

/** Finds the call of a datagram, as all calls share one port: checks tell by their fragment, everything else by its sender. */
export class Routes<Endpoint> {
  readonly #byFragment = new Map<string, Endpoint>();
  readonly #byPeer = new Map<string, Endpoint>();
  readonly #entries = new Map<Endpoint, { fragments: readonly string[]; readonly peers: Set<string> }>();

  byFragment(fragment: string): Endpoint | undefined {
    return this.#byFragment.get(fragment);
  }

  byPeer(peer: Peer): Endpoint | undefined {
    return this.#byPeer.get(peerKey(peer));
  }

  /** The fragments that checks for `endpoint` may carry, instead of those before. */
  expect(endpoint: Endpoint, fragments: readonly string[]): void {
    const entry = this.#entry(endpoint);
    for (const fragment of entry.fragments) this.#byFragment.delete(fragment);
    for (const fragment of fragments) this.#byFragment.set(fragment, endpoint);
    entry.fragments = fragments;
  }

  /** `peer` has proven itself to `endpoint`; the path used least recently makes room. */
  learn(peer: Peer, endpoint: Endpoint): void {
    const key = peerKey(peer);
    const { peers } = this.#entry(endpoint);
    const before = this.#byPeer.get(key);
    if (before !== undefined && before !== endpoint) this.#entries.get(before)?.peers.delete(key);
    this.#byPeer.set(key, endpoint);
    peers.delete(key);
    peers.add(key);
    const [oldest] = peers;
    if (oldest !== undefined && peers.size > MOST_PATHS) {
      peers.delete(oldest);
      this.#byPeer.delete(oldest);
    }
  }

  forget(endpoint: Endpoint): void {
    const entry = this.#entries.get(endpoint);
    for (const fragment of entry?.fragments ?? []) this.#byFragment.delete(fragment);
    for (const key of entry?.peers ?? []) this.#byPeer.delete(key);
    this.#entries.delete(endpoint);
  }

  /** The number of entries: zero when all calls are over. */
  get size(): number {
    return this.#byFragment.size + this.#byPeer.size + this.#entries.size;
  }

  #entry(endpoint: Endpoint): { fragments: readonly string[]; readonly peers: Set<string> } {
    const known = this.#entries.get(endpoint);
    if (known) return known;
    const entry = { fragments: [], peers: new Set<string>() };
    this.#entries.set(endpoint, entry);
    return entry;
  }
}
