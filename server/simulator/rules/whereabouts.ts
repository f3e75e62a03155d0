import type { ExtensionId } from '@perch/shared';
import type { StoredChange } from '../../src/exchange/virtualization/event.ts';
import { brokenInvariants } from '../../src/exchange/virtualization/invariants.ts';

interface Stay {
  readonly virtual: ExtensionId;
  readonly base: ExtensionId;
}

/** Who is where by what is on the disk: written for the rules, from the specification, and asking nothing of the product. */
export class Whereabouts {
  /** One that should have ended stays in the list, so that it is seen: an extension in two places, a terminal with two guests. */
  #stays: readonly Stay[] = [];

  /** Takes a change over, and says what is wrong with it. */
  changed({ ended, begun }: StoredChange): readonly string[] {
    const faults: string[] = [];
    for (const { virtual, base } of ended) {
      const left = this.#stays.filter((stay) => stay.virtual !== virtual || stay.base !== base);
      if (left.length === this.#stays.length) faults.push(`${virtual} is ended on ${base}, where it is not`);
      this.#stays = left;
    }
    this.#stays = [...this.#stays, ...begun.map(({ virtual, base }) => ({ virtual, base }))];
    const all = this.#stays.map((stay) => ({ ...stay, since: 0, by: 'dialled' as const }));
    return [...faults, ...brokenInvariants(all)];
  }

  baseOf(extension: ExtensionId): ExtensionId | undefined {
    return this.#stays.find(({ virtual }) => virtual === extension)?.base;
  }

  guestOf(owner: ExtensionId): ExtensionId | undefined {
    return this.#stays.find(({ base }) => base === owner)?.virtual;
  }

  /** The extension at whose home terminal calls to that one ring; `undefined` where it is homeless. */
  ringsAt(extension: ExtensionId): ExtensionId | undefined {
    return this.baseOf(extension) ?? (this.guestOf(extension) === undefined ? extension : undefined);
  }

  /** The extension that makes the calls of that one's home terminal; `undefined` where the terminal is locked. */
  speaksAt(owner: ExtensionId): ExtensionId | undefined {
    return this.guestOf(owner) ?? (this.baseOf(owner) === undefined ? owner : undefined);
  }
}
