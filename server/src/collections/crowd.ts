/** How many may be there without having shown who they are. */
export interface CrowdBounds {
  readonly most: number;
  /** Of one network. */
  readonly mostOfNetwork: number;
}

/**
 * Those who have not shown who they are, in the order in which they came. Somebody real shows it at once: where there are too
 * many, whoever has been there for longest gives way, so that silence keeps nobody out.
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

  /** In the order of their coming. */
  [Symbol.iterator](): Iterator<Member> {
    return this.#networks.keys();
  }

  has(member: Member): boolean {
    return this.#networks.has(member);
  }

  /**
   * @param network whose bound counts; `undefined` where many stand behind one address.
   * @returns who has to go for it, and is in the crowd no longer.
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

  /** Harmless for whoever is not in it. */
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
