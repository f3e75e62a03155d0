import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '../../src/storage/support/scratch-folder.ts';

/** A page of memory is the least that a file takes of such a disk (octets). */
const PIECE = Buffer.alloc(4_096, 0xa5);

/** A file system of its own, in memory, that can be full: nothing here stands in for what the system says then. */
export class SmallDisk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** `undefined` where this user may not mount one: that takes root, on Linux. */
  static mount(megabytes: number): SmallDisk | undefined {
    const folder = scratchFolder();
    const options = `size=${String(megabytes)}m,mode=0700,nosuid,nodev,noexec`;
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'perch-test', folder]);
    if (status === 0) return new SmallDisk(folder);
    rmdirSync(folder);
    return undefined;
  }

  /** Takes all room that is left. */
  fill(): void {
    const file = openSync(this.#ballast, 'a');
    try {
      for (;;) writeSync(file, PIECE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  /** What `fill` has taken is there again. */
  makeRoom(): void {
    rmSync(this.#ballast);
  }

  unmount(): void {
    // Also where a program that was killed has not let go of its files yet.
    spawnSync('umount', ['--lazy', this.folder]);
    rmdirSync(this.folder);
  }

  get #ballast(): string {
    return join(this.folder, 'ballast');
  }
}
