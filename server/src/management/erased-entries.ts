import { createHash } from 'node:crypto';
import { type AuditEntry, ERASURE_DEED } from '@perch/shared';

/** An entry of the audit that no longer names somebody. */
export interface ErasedEntry {
  readonly position: number;
  /** The position of the entry on the erasure. */
  readonly erasure: number;
  /** Of what it says since; its own seal stays in the chain. */
  readonly seal: string;
}

/** What an entry on an erasure says of those that it has changed: so that no other one can be changed in its name. PURE. */
export const factsOfErasure = (changed: readonly Pick<ErasedEntry, 'position' | 'seal'>[]) => ({
  entries: changed.length,
  entriesSeal: createHash('sha256')
    .update(JSON.stringify(changed.map(({ position, seal }) => [position, seal])))
    .digest('hex'),
});

/** The entries of an organization that no longer name somebody, as its chain is checked from the first entry to the last. */
export class ErasedEntries {
  readonly #latest = new Map<number, string>();
  readonly #byErasure = new Map<number, ErasedEntry[]>();

  /** @param all in the order of their positions, and of the erasures. */
  constructor(all: readonly ErasedEntry[]) {
    for (const erased of all) {
      this.#latest.set(erased.position, erased.seal);
      this.#byErasure.set(erased.erasure, [...(this.#byErasure.get(erased.erasure) ?? []), erased]);
    }
  }

  /** The seal of what it says now; `undefined` where it was never changed. */
  sealAt(position: number): string | undefined {
    return this.#latest.get(position);
  }

  /** @returns whether it is no entry on an erasure, or one that tells of what was changed in its name. */
  isConfirmedBy({ position, action, after }: AuditEntry): boolean {
    if (action !== ERASURE_DEED) return true;
    const { entries, entriesSeal } = factsOfErasure(this.#byErasure.get(position) ?? []);
    this.#byErasure.delete(position);
    return after?.['entries'] === entries && after['entriesSeal'] === entriesSeal;
  }

  /** The first entry that was changed without an entry on it. */
  get unexplained(): number | undefined {
    const left = [...this.#byErasure.values()].flat().map(({ position }) => position);
    return left.length === 0 ? undefined : Math.min(...left);
  }
}
