import type { RecordingId } from '@perch/shared';
import {
  type OpenRecording,
  type RecordingLabel,
  type Recordings,
  type Salvage,
  type SalvagedMessage,
  SHORTEST_MESSAGE_MS,
} from '../ports.ts';

/** A file in memory. In a fake, each octet is a millisecond of sound. */
interface FakeFile {
  readonly label: RecordingLabel;
  readonly octets: number[];
  isKept: boolean;
  isLost: boolean;
}

/** Recordings in memory, on a disk that a test can fill, break or hold up. */
export class FakeRecordings implements Recordings {
  /** While true, there is no room for one more. */
  full = false;
  /** While true, nothing can be begun or kept. */
  broken = false;
  /** While true, what is written is lost, as on a disk that has become full. */
  losing = false;
  readonly #files: Map<RecordingId, FakeFile>;
  #disk: Promise<void> = Promise.resolve();

  private constructor(files: Map<RecordingId, FakeFile>) {
    this.#files = files;
  }

  static empty(): FakeRecordings {
    return new FakeRecordings(new Map());
  }

  /** Every file that is kept. */
  get kept(): readonly RecordingId[] {
    return [...this.#files].filter(([, file]) => file.isKept).map(([id]) => id);
  }

  /** Every recording that was begun, and neither kept nor discarded. */
  get underWay(): readonly RecordingId[] {
    return [...this.#files].filter(([, file]) => !file.isKept).map(([id]) => id);
  }

  /** The same disk as the server finds it after a crash. */
  afterCrash(): FakeRecordings {
    return new FakeRecordings(
      new Map([...this.#files].map(([id, file]) => [id, { ...file, octets: [...file.octets] }])),
    );
  }

  async hasRoom(): Promise<boolean> {
    return !this.full;
  }

  async begin(label: RecordingLabel): Promise<OpenRecording> {
    await this.#write();
    const file: FakeFile = { label, octets: [], isKept: false, isLost: false };
    this.#files.set(label.id, file);
    return {
      write: (octets) => {
        if (this.losing) file.isLost = true;
        else file.octets.push(...octets);
        return !file.isLost;
      },
      keep: async () => {
        await this.#write();
        if (file.isLost) throw new Error('the disk has become full');
        file.isKept = true;
      },
      discard: async () => {
        if (!file.isKept) this.#files.delete(label.id);
      },
    };
  }

  async read(id: RecordingId): Promise<Buffer> {
    const file = this.#files.get(id);
    if (!file?.isKept) throw new Error(`there is no recording ${id}`);
    return Buffer.from(file.octets);
  }

  async delete(id: RecordingId): Promise<void> {
    await this.#write();
    this.#files.delete(id);
  }

  async salvage(known: ReadonlySet<RecordingId>): Promise<Salvage> {
    const messages: SalvagedMessage[] = [];
    for (const [id, { label, octets, isKept }] of this.#files) {
      if (isKept && known.has(id)) continue;
      if (label.kind === 'greeting' || (!isKept && octets.length < SHORTEST_MESSAGE_MS)) {
        this.#files.delete(id);
      } else {
        this.#files.set(id, { label, octets, isKept: true, isLost: false });
        messages.push({ label, durationMs: octets.length });
      }
    }
    return { messages, missing: [...known].filter((id) => !this.#files.has(id)) };
  }

  /** From now on, beginning, keeping and deleting wait until the returned function is called. */
  holdUp(): () => void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#disk = promise;
    return () => {
      resolve(undefined);
    };
  }

  async #write(): Promise<void> {
    await this.#disk;
    if (this.broken) throw new Error('the disk is broken');
  }
}
