import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder, unlessAbsent } from '../recordings/durable-files.ts';
import { copyFile, foldersOf } from './copied-file.ts';
import { recordingsIn } from './recordings-in.ts';

/** A recording that is being copied. */
export const INCOMING = 'incoming.part';

/** The recordings of a server that goes on, and their copies. A recording never changes once it has its name. */
export class FollowedRecordings {
  readonly #from: string;
  readonly #to: string;
  readonly #copied: Set<string>;

  private constructor(from: string, to: string, copied: readonly string[]) {
    this.#from = from;
    this.#to = to;
    this.#copied = new Set(copied);
  }

  static async open(from: string, to: string): Promise<FollowedRecordings> {
    return new FollowedRecordings(from, to, await recordingsIn(to, false));
  }

  /**
   * Copies what has come and deletes what is gone; on the disk, once this resolves. Perch removes no folder of recordings: where one is gone, so is the disk
   * that it was on, and its copies stay.
   */
  async follow(signal: AbortSignal): Promise<void> {
    const there = new Set(await recordingsIn(this.#from, true));
    const changed = new Set<string>();
    for (const path of there) {
      if (this.#copied.has(path)) continue;
      const incoming = join(this.#to, INCOMING);
      await rm(incoming, { force: true });
      // It may have been deleted since.
      if (!(await unlessAbsent(copyFile(join(this.#from, path), incoming, signal)))) continue;
      await mkdir(dirname(join(this.#to, path)), { recursive: true, mode: 0o700 });
      await rename(incoming, join(this.#to, path));
      this.#copied.add(path);
      for (const folder of [...foldersOf(path), '']) changed.add(folder);
    }
    for (const path of this.#copied) {
      if (there.has(path) || !existsSync(join(this.#from, dirname(path)))) continue;
      await rm(join(this.#to, path), { force: true });
      this.#copied.delete(path);
      changed.add(dirname(path));
    }
    for (const folder of changed) await syncFolder(join(this.#to, folder));
  }
}
