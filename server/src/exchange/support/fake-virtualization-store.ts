import type { ExtensionId } from '@perch/shared';
import type { Extension } from '../ports.ts';
import type { StoredChange } from '../virtualization/event.ts';
import type { Bucket } from '../virtualization/guessing.ts';
import type { VirtualizationRecord } from '../virtualization/record.ts';
import type { Virtualization } from '../virtualization/virtualization.ts';
import type { StoredVirtualizations, VirtualizationStore } from '../virtualization-store.ts';

/** A store in memory, whose disk a test can break or hold up. */
export class FakeVirtualizationStore implements VirtualizationStore {
  /** Every record ever written, oldest first. */
  readonly written: VirtualizationRecord[] = [];
  /** While true, no commit goes through. */
  broken = false;
  readonly #virtualizations = new Map<ExtensionId, Virtualization>();
  readonly #buckets = new Map<string, Bucket>();
  #disk: Promise<void> = Promise.resolve();

  async load(): Promise<StoredVirtualizations> {
    return { virtualizations: [...this.#virtualizations.values()], buckets: [...this.#buckets.values()] };
  }

  async commit(change: StoredChange): Promise<void> {
    await this.#disk;
    if (this.broken) throw new Error('the disk is full');
    for (const one of change.ended) this.#virtualizations.delete(one.virtual);
    for (const one of change.begun) this.#virtualizations.set(one.virtual, one);
    for (const bucket of change.buckets) {
      const key = `${bucket.of} ${bucket.id}`;
      if (bucket.wrong.length > 0) this.#buckets.set(key, bucket);
      else this.#buckets.delete(key);
    }
    this.written.push(change.record);
  }

  async records(
    { id, terminal }: Pick<Extension, 'id' | 'terminal'>,
    limit: number,
  ): Promise<readonly VirtualizationRecord[]> {
    return this.written
      .filter((record) => record.extension === id || record.terminal === terminal)
      .reverse()
      .slice(0, limit);
  }

  /** Commits wait from now on until the result is called. */
  holdUp(): () => void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#disk = promise;
    return () => {
      resolve(undefined);
    };
  }
}
