import { rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { OpenRecording } from '../exchange/voicemail/ports.ts';
import { syncFolder } from './durable-files.ts';

/** More than the longest message: a disk that is so far behind is unusable. */
const LONGEST_QUEUE = 4 * 1024 * 1024;

/** A recording that grows under one name and gets another once it is whole and on the disk. */
export class RecordingFile implements OpenRecording {
  readonly #handle: FileHandle;
  readonly #part: string;
  readonly #whole: string;
  #waiting: Uint8Array[] = [];
  #queued = 0;
  /** Resolves when all writes are done; never rejects. */
  #writing: Promise<void> | undefined;
  #failure: Error | undefined;
  #end: Promise<void> | undefined;

  /** Both names are of one folder. */
  constructor(handle: FileHandle, part: string, whole: string) {
    this.#handle = handle;
    this.#part = part;
    this.#whole = whole;
  }

  write(octets: Uint8Array): boolean {
    if (this.#failure) return false;
    if (this.#end) return true;
    this.#queued += octets.length;
    if (this.#queued > LONGEST_QUEUE) {
      this.#failure = new Error(`${this.#part}: the disk is too slow`);
      return false;
    }
    this.#waiting.push(octets);
    this.#writing ??= this.#writeAll();
    return true;
  }

  keep(): Promise<void> {
    this.#end ??= this.#keep();
    return this.#end;
  }

  async discard(): Promise<void> {
    // A recording that is being kept is removed only if that fails.
    if (this.#end) await this.#end.catch(() => this.#remove());
    else await (this.#end = this.#remove());
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#failure) {
      const octets = Buffer.concat(this.#waiting);
      this.#waiting = [];
      try {
        await this.#handle.appendFile(octets);
        this.#queued -= octets.length;
      } catch (error) {
        this.#failure = error as Error;
      }
    }
    this.#waiting = [];
    this.#writing = undefined;
  }

  async #keep(): Promise<void> {
    await this.#writing;
    try {
      if (this.#failure) throw this.#failure;
      await this.#handle.sync();
    } finally {
      await this.#handle.close();
    }
    await rename(this.#part, this.#whole);
    await syncFolder(dirname(this.#whole));
  }

  async #remove(): Promise<void> {
    this.#waiting = [];
    await this.#writing;
    // Errors on closing no longer matter.
    await this.#handle.close().catch(() => undefined);
    await rm(this.#part, { force: true });
    await rm(this.#whole, { force: true });
  }
}
