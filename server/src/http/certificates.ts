import { realpathSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { dirname } from 'node:path';
import { Misconfigured } from '../config/misconfigured.ts';
import { readTlsPair } from '../config/tls.ts';
import type { TlsFiles, TlsPair } from '../config/tls.ts';
import type { Clock } from '../world/clock.ts';
import { every } from '../world/every.ts';

/** How long to wait after a change in the folder, so that both files are complete (milliseconds). */
const SETTLED_MS = 1_000;
/** How often the files are read regardless: not every file system reports changes (milliseconds). */
const POLL_MS = 60_000;

/** Outcomes of reading the files, for logs. */
export interface CertificateJournal {
  taken(file: string, expiresAt: number): void;
  /** Called once per problem, until it changes or is solved. */
  refused(sentence: string): void;
}

/** The certificate for new connections: the one in the files once they are complete and match, the previous one until then. */
export class Certificates {
  readonly #files: TlsFiles;
  readonly #journal: CertificateJournal;
  readonly #take: (pair: TlsPair) => void;
  readonly #watchers: readonly FSWatcher[];
  readonly #clock: Clock;
  readonly #cancelPoll: () => void;
  #cancelSettling: () => void = () => undefined;
  #pair: TlsPair;
  #said: string | undefined;

  /** @param pair the pair in use. */
  constructor(
    files: TlsFiles,
    pair: TlsPair,
    clock: Clock,
    take: (pair: TlsPair) => void,
    journal: CertificateJournal,
  ) {
    this.#files = files;
    this.#pair = pair;
    this.#clock = clock;
    this.#take = take;
    this.#journal = journal;
    this.#watchers = [...foldersOf(files)].flatMap((folder) => this.#watch(folder));
    this.#cancelPoll = every(clock, POLL_MS, () => this.reload());
  }

  /** Reads the files now. Never throws. */
  reload(): void {
    try {
      const pair = readTlsPair(this.#files);
      const { certificate, expiresAt } = pair;
      if (certificate === this.#pair.certificate) {
        this.#said = undefined;
        return;
      }
      if (expiresAt <= this.#clock.now())
        return this.#refuse(
          `The certificate in ${this.#files.certificateFile} expired on ${new Date(expiresAt).toUTCString()}.`,
        );
      this.#take(pair);
      this.#pair = pair;
      this.#said = undefined;
      this.#journal.taken(this.#files.certificateFile, expiresAt);
    } catch (error) {
      this.#refuse(error instanceof Misconfigured ? error.message : String(error));
    }
  }

  close(): void {
    this.#cancelPoll();
    this.#cancelSettling();
    for (const watcher of this.#watchers) watcher.close();
  }

  #refuse(why: string): void {
    if (why !== this.#said)
      this.#journal.refused(`${why} New connections still get the certificate from before.`);
    this.#said = why;
  }

  #watch(folder: string): readonly FSWatcher[] {
    try {
      const watcher = watch(folder, { persistent: false }, () => {
        this.#cancelSettling();
        this.#cancelSettling = this.#clock.after(SETTLED_MS, () => this.reload());
      });
      // The folder is gone, or the system is out of watches: polling goes on.
      watcher.on('error', () => watcher.close());
      return [watcher];
    } catch {
      return [];
    }
  }
}

/** The folders to watch: those of the configured paths, and of the files that these resolve to through links. */
function foldersOf({ certificateFile, keyFile }: TlsFiles): ReadonlySet<string> {
  const names = [certificateFile, keyFile];
  return new Set([...names, ...names.map((name) => realpathSync(name))].map((name) => dirname(name)));
}
