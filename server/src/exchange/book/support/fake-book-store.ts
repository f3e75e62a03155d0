import type { ExtensionId } from '@perch/shared';
import type { BookStore, StoredExtension } from '../ports.ts';

/** For tests: the book of one organization, in memory. */
export class FakeBookStore implements BookStore {
  /** While true, nothing can be stored. */
  broken = false;
  readonly #extensions = new Map<ExtensionId, StoredExtension>();

  constructor(extensions: readonly StoredExtension[] = []) {
    for (const extension of extensions) this.#extensions.set(extension.id, extension);
  }

  async load(): Promise<readonly StoredExtension[]> {
    return [...this.#extensions.values()].sort((a, b) => (a.number < b.number ? -1 : 1));
  }

  async insert(extension: StoredExtension): Promise<void> {
    for (const { number } of this.#extensions.values())
      if (number === extension.number) throw new Error('the number is taken');
    await this.update(extension);
  }

  async update(extension: StoredExtension): Promise<void> {
    this.#write();
    this.#extensions.set(extension.id, extension);
  }

  async delete(id: ExtensionId, changed: readonly StoredExtension[]): Promise<void> {
    this.#write();
    for (const extension of changed) this.#extensions.set(extension.id, extension);
    this.#extensions.delete(id);
  }

  #write(): void {
    if (this.broken) throw new Error('the disk is full');
  }
}
