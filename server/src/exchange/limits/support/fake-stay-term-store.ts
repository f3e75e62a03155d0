import type { ExtensionId, TerminalId } from '@perch/shared';
import type { StayTermStore, StoredTerm } from '../stay-term-store.ts';

/** A store in memory, whose disk a test can break or hold up. */
export class FakeStayTermStore implements StayTermStore {
  /** While true, nothing can be stored. */
  broken = false;
  readonly #terms = new Map<ExtensionId, StoredTerm>();
  #disk: Promise<void> = Promise.resolve();
  readonly #calls: (readonly [ExtensionId, TerminalId, startedAt: number, endedAt: number])[] = [];

  async load(): Promise<readonly StoredTerm[]> {
    return [...this.#terms.values()];
  }

  async keep(term: StoredTerm): Promise<void> {
    await this.#disk;
    if (this.broken) throw new Error('the disk is full');
    this.#terms.set(term.virtual, { ...term });
  }

  async lastCallEnd(
    extension: ExtensionId,
    terminal: TerminalId,
    since: number,
  ): Promise<number | undefined> {
    const ends = this.#calls
      .filter(([who, where, from]) => who === extension && where === terminal && from >= since)
      .map(([, , , end]) => end);
    return ends.length === 0 ? undefined : Math.max(...ends);
  }

  /** That extension has had a call there. */
  called(extension: ExtensionId, terminal: TerminalId, startedAt: number, endedAt: number): void {
    this.#calls.push([extension, terminal, startedAt, endedAt]);
  }

  /** What is kept waits from now on until the result is called. */
  holdUp(): () => void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#disk = promise;
    return () => {
      resolve(undefined);
    };
  }
}
