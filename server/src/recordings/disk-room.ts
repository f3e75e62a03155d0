import { statfs } from 'node:fs/promises';
import type { Clock } from '../exchange/ports.ts';

/** How long an answer is valid (milliseconds): a rush of calls asks the disk once. */
const GOOD_FOR_MS = 1_000;

/** Is there room on the disk for one more recording? The space kept free is for those under way. */
export class DiskRoom {
  readonly #folder: string;
  readonly #minFreeBytes: number;
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;
  #answer: Promise<boolean> | undefined;
  #goodUntil = 0;

  /** @param folder one that exists. */
  constructor(folder: string, minFreeBytes: number, clock: Clock, failed: (error: unknown) => void) {
    this.#folder = folder;
    this.#minFreeBytes = minFreeBytes;
    this.#clock = clock;
    this.#failed = failed;
  }

  /** `false`, too, where the disk does not say. */
  isEnough(): Promise<boolean> {
    const now = this.#clock.monotonic();
    if (this.#answer === undefined || now >= this.#goodUntil) {
      this.#answer = this.#ask();
      this.#goodUntil = now + GOOD_FOR_MS;
    }
    return this.#answer;
  }

  async #ask(): Promise<boolean> {
    try {
      const { bavail, bsize } = await statfs(this.#folder);
      return bavail * bsize >= this.#minFreeBytes;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }
}
