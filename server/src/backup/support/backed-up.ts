import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Storage } from '../../storage/storage.ts';
import { openStorage } from '../../storage/sqlite/open-storage.ts';
import { makeDataFolder } from '../../storage/sqlite/support/made-folder.ts';
import { createOrganizations } from '../../storage/sqlite/support/organizations.ts';
import { scratchFolder } from '../../storage/support/scratch-folder.ts';
import type { Clock } from '../../world/clock.ts';
import { systemClock } from '../../world/system-clock.ts';
import { systemWorld } from '../../world/world.ts';
import { backUp } from '../backup.ts';
import type { Manifest } from '../manifest.ts';
import { openCopies } from '../copies.ts';

/** For tests: a data folder with an organization and a recording, and a Perch that serves it as far as backups go. */
export class ServedFolder {
  readonly root = scratchFolder();
  readonly data = join(this.root, 'data');
  readonly copy = join(this.root, 'copy');
  readonly recordings = join(this.data, 'voicemail', 'o');
  /** What it has said of itself. */
  readonly notices: string[] = [];
  readonly failures: unknown[] = [];
  /** What backups have said that they lack. */
  readonly leftOut: string[] = [];
  clock: Pick<Clock, 'now'> = systemClock;
  longestWal: number | undefined;
  #storage: Storage | undefined;
  #copies: { close(): Promise<void> } | undefined;

  static async start(): Promise<ServedFolder> {
    const served = new ServedFolder();
    await makeDataFolder(served.data);
    await served.startAgain();
    await createOrganizations(served.storage, ['ada', 'ben']);
    mkdirSync(served.recordings, { recursive: true });
    writeFileSync(join(served.recordings, 'message.opus'), 'hello');
    return served;
  }

  get storage(): Storage {
    if (!this.#storage) throw new Error('it is stopped');
    return this.#storage;
  }

  /** `held` happens as soon as the databases of a backup are. */
  async startAgain(held: () => void = () => undefined): Promise<void> {
    const storage = await openStorage(this.data, systemWorld, (_, error) => this.failures.push(error));
    this.#storage = storage;
    const source: Pick<Storage, 'hold'> = {
      hold: async (broken) => {
        const hold = await storage.hold(broken);
        held();
        return hold;
      },
    };
    const journal = {
      failed: (_: string, error: unknown) => void this.failures.push(error),
      noticed: (sentence: string) => void this.notices.push(sentence),
    };
    this.#copies = await openCopies(this.data, source, { journal, clock: systemClock }, this.longestWal);
  }

  async stop(): Promise<void> {
    await this.#copies?.close();
    await this.#storage?.close();
    this.#copies = this.#storage = undefined;
  }

  backUp(signal = new AbortController().signal, folder = this.copy): Promise<Manifest> {
    const leftOut = (sentence: string) => void this.leftOut.push(sentence);
    const { data: dataFolder, clock } = this;
    return backUp({ dataFolder, folder, version: '1.2.3', clock, signal, leftOut });
  }

  async end(): Promise<void> {
    await this.stop();
    rmSync(this.root, { recursive: true });
  }
}
