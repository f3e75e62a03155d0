/** How many unauthenticated connections there may be. */
export interface CrowdBounds {
  readonly most: number;
  /** From one network. */
  readonly mostOfNetwork: number;
}

/**
 * Unauthenticated connections, in order of arrival. A real client authenticates at once, so when there are too many the oldest
 * one is evicted: idle connections cannot keep new clients out.
 */
export class Crowd<Member> {
  readonly #bounds: CrowdBounds;
  readonly #networks = new Map<Member, string | undefined>();
  readonly #members = new Map<string, Set<Member>>();

  constructor(bounds: CrowdBounds) {
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#networks.size;
  }

  /** In order of arrival. */
  [Symbol.iterator](): Iterator<Member> {
    return this.#networks.keys();
  }

  has(member: Member): boolean {
    return this.#networks.has(member);
  }

  /**
   * @param network whose bound applies; `undefined` where many clients share one address, as behind a proxy.
   * @returns the member that was removed to make room, if any.
   */
  enter(member: Member, network: string | undefined): Member | undefined {
    const leaving = this.#oneTooMany(network);
    if (leaving !== undefined) this.leave(leaving);
    this.#networks.set(member, network);
    if (network !== undefined) {
      const neighbours = this.#members.get(network) ?? new Set();
      this.#members.set(network, neighbours.add(member));
    }
    return leaving;
  }

  /** Does nothing for one that is not a member. */
  leave(member: Member): void {
    const network = this.#networks.get(member);
    if (!this.#networks.delete(member) || network === undefined) return;
    const neighbours = this.#members.get(network);
    neighbours?.delete(member);
    if (neighbours?.size === 0) this.#members.delete(network);
  }

  #oneTooMany(network: string | undefined): Member | undefined {
    const neighbours = network === undefined ? undefined : this.#members.get(network);
    if (neighbours && neighbours.size >= this.#bounds.mostOfNetwork) return neighbours.values().next().value;
    return this.#networks.size >= this.#bounds.most ? this.#networks.keys().next().value : undefined;
  }
}
