import type { DatabaseHold, HeldDatabase } from '../storage.ts';
import type { RecordArchive } from './calls/record-archive.ts';
import type { Database } from './database.ts';
import type { OrganizationSchema } from './schema.ts';

/**
 * Who copies the files of `perch.db` and `records.db`. While anybody does, SQLite puts no pages of a WAL into their places: only the one who
 * copies says when, and only where nobody else reads the file at that time.
 */
export class HeldDatabases {
  readonly #main: Database<OrganizationSchema>;
  readonly #archive: RecordArchive;
  /** What tells each holder that it has been broken. */
  readonly #holders = new Set<() => void>();

  constructor(main: Database<OrganizationSchema>, archive: RecordArchive) {
    this.#main = main;
    this.#archive = archive;
  }

  async hold(broken: () => void): Promise<DatabaseHold> {
    this.#holders.add(broken);
    try {
      this.#main.hold(() => void this.#makeRoom());
      await this.#archive.hold(() => {
        this.#breakAll();
        this.#main.letGo();
      });
    } catch (error) {
      await this.#release(broken);
      throw error;
    }
    return {
      archived: async () => {
        await this.#archive.newest();
      },
      checkpoint: async (database) =>
        // One that was broken says nothing any more about files that others may hold.
        this.#holders.size === 1 && this.#holders.has(broken) ? this.#checkpoint(database) : undefined,
      release: () => this.#release(broken),
    };
  }

  /** Before a file changes otherwise than by growth of its WAL. */
  async breakAll(): Promise<void> {
    const isHeld = this.#holders.size > 0;
    this.#breakAll();
    if (isHeld) await this.#letGo();
  }

  /**
   * A disk must not be full for the sake of a copy: both WALs begin anew, instead of growing. All of it is begun at once, so that none of it happens to files
   * that somebody holds again. What has no room for its pages either is told to the one who makes the next change.
   */
  async #makeRoom(): Promise<void> {
    if (this.#holders.size === 0) return;
    await Promise.allSettled([this.breakAll(), this.#checkpoint('perch.db'), this.#checkpoint('records.db')]);
  }

  async #checkpoint(database: HeldDatabase): Promise<number> {
    return database === 'perch.db' ? this.#main.checkpoint() : this.#archive.checkpoint();
  }

  #breakAll(): void {
    for (const broken of this.#holders) broken();
    this.#holders.clear();
  }

  async #release(broken: () => void): Promise<void> {
    if (this.#holders.delete(broken) && this.#holders.size === 0) await this.#letGo();
  }

  async #letGo(): Promise<void> {
    this.#main.letGo();
    await this.#archive.letGo();
  }
}
