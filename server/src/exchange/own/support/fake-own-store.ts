import type { CallRecord, ExtensionId } from '@perch/shared';
import type { OwnStore, StoredOwnThings } from '../ports.ts';

/** A store in memory, whose disk a test can break. */
export class FakeOwnStore implements OwnStore {
  /** While true, nothing can be stored or looked up. */
  broken = false;
  /** What has been recorded, of all extensions, the latest first. */
  readonly recorded: CallRecord[] = [];
  readonly #kept = new Map<ExtensionId, StoredOwnThings>();

  async load(): Promise<readonly StoredOwnThings[]> {
    return [...this.#kept.values()];
  }

  async keepSeen(extension: ExtensionId, until: number): Promise<void> {
    this.#keep(extension, { seenUntil: Math.max(until, this.#of(extension).seenUntil) });
  }

  async addFavourite(extension: ExtensionId, favourite: ExtensionId): Promise<void> {
    const others = this.#of(extension).favourites.filter((one) => one !== favourite);
    this.#keep(extension, { favourites: [...others, favourite] });
  }

  async removeFavourite(extension: ExtensionId, favourite: ExtensionId): Promise<void> {
    this.#keep(extension, {
      favourites: this.#of(extension).favourites.filter((one) => one !== favourite),
    });
  }

  async unreturned(extension: ExtensionId, after: number, most: number): Promise<readonly CallRecord[]> {
    if (this.broken) throw new Error('the disk is full');
    const isMissed = ({ parts, startedAt }: CallRecord) =>
      startedAt >= after && parts.some((part) => part.extension === extension && part.result === 'missed');
    return this.recorded.filter(isMissed).slice(0, most);
  }

  #of(extension: ExtensionId): StoredOwnThings {
    return this.#kept.get(extension) ?? { extension, seenUntil: 0, favourites: [] };
  }

  #keep(extension: ExtensionId, changed: Partial<StoredOwnThings>): void {
    if (this.broken) throw new Error('the disk is full');
    this.#kept.set(extension, { ...this.#of(extension), ...changed });
  }
}
