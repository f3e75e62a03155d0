import type { ExtensionId } from '@perch/shared';
import { brokenInvariants } from './invariants.ts';
import type { Change, Virtualization } from './virtualization.ts';

/** A set of virtualizations that breaks an invariant: an error of ours, never a caller's mistake. */
export class InvariantBroken extends Error {
  override readonly name = 'InvariantBroken';
}

/** The virtualizations of one organization, found from either side. Immutable: `after` returns a new one. */
export class Virtualizations implements Iterable<Virtualization> {
  readonly #byVirtual: ReadonlyMap<ExtensionId, Virtualization>;
  readonly #byBase: ReadonlyMap<ExtensionId, Virtualization>;

  private constructor(
    byVirtual: ReadonlyMap<ExtensionId, Virtualization>,
    byBase: ReadonlyMap<ExtensionId, Virtualization>,
  ) {
    this.#byVirtual = byVirtual;
    this.#byBase = byBase;
  }

  /** @throws {InvariantBroken} where they cannot all be true at once. */
  static from(virtualizations: Iterable<Virtualization>): Virtualizations {
    const all = [...virtualizations];
    refuse(brokenInvariants(all));
    return new Virtualizations(
      new Map(all.map((one) => [one.virtual, one])),
      new Map(all.map((one) => [one.base, one])),
    );
  }

  /** Where this extension is, if it is virtual. */
  of(virtual: ExtensionId): Virtualization | undefined {
    return this.#byVirtual.get(virtual);
  }

  /** The guest on this extension's terminal, if there is one. */
  on(base: ExtensionId): Virtualization | undefined {
    return this.#byBase.get(base);
  }

  /** @throws {InvariantBroken} where one that ends was not there, or one that begins collides with another. */
  after(change: Change): Virtualizations {
    const byVirtual = new Map(this.#byVirtual);
    const byBase = new Map(this.#byBase);
    for (const one of change.ended) {
      if (byVirtual.get(one.virtual) !== one) refuse([`${one.virtual} was not on ${one.base}`]);
      byVirtual.delete(one.virtual);
      byBase.delete(one.base);
    }
    for (const one of change.begun) {
      const others = [byVirtual.get(one.virtual), byBase.get(one.base)].filter(
        (other) => other !== undefined,
      );
      refuse(brokenInvariants([...others, one]));
      byVirtual.set(one.virtual, one);
      byBase.set(one.base, one);
    }
    return new Virtualizations(byVirtual, byBase);
  }

  [Symbol.iterator](): Iterator<Virtualization> {
    return this.#byVirtual.values();
  }
}

/** The extensions whose calls, or whose terminal, a change affects. */
export function touchedBy(change: Change): ReadonlySet<ExtensionId> {
  return new Set([...change.ended, ...change.begun].flatMap(({ virtual, base }) => [virtual, base]));
}

function refuse(broken: readonly string[]): void {
  if (broken.length > 0) throw new InvariantBroken(broken.join('; '));
}
