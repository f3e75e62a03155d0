import type { ExtensionId } from '@perch/shared';
import type { StoredChange } from '../../src/exchange/virtualization/event.ts';
import { brokenInvariants } from '../../src/exchange/virtualization/invariants.ts';

/** Who is where by what is on the disk: written for the rules, from the specification, and asking nothing of the product. */
export class Whereabouts {
  /** Guests by their bases, both extensions. */
  readonly #baseOf = new Map<ExtensionId, ExtensionId>();

  /** Takes a change over, and says what is wrong with it. */
  changed({ ended, begun }: StoredChange): readonly string[] {
    const faults: string[] = [];
    for (const { virtual, base } of ended) {
      if (this.#baseOf.get(virtual) !== base) faults.push(`${virtual} is ended on ${base}, where it is not`);
      this.#baseOf.delete(virtual);
    }
    for (const { virtual, base } of begun) this.#baseOf.set(virtual, base);
    const all = [...this.#baseOf].map(([virtual, base]) => ({
      virtual,
      base,
      since: 0,
      by: 'dialled' as const,
    }));
    return [...faults, ...brokenInvariants(all)];
  }

  baseOf(extension: ExtensionId): ExtensionId | undefined {
    return this.#baseOf.get(extension);
  }

  guestOf(owner: ExtensionId): ExtensionId | undefined {
    for (const [virtual, base] of this.#baseOf) if (base === owner) return virtual;
    return undefined;
  }

  /** The extension at whose home terminal calls to that one ring; `undefined` where it is homeless. */
  ringsAt(extension: ExtensionId): ExtensionId | undefined {
    return this.baseOf(extension) ?? (this.guestOf(extension) === undefined ? extension : undefined);
  }
}
