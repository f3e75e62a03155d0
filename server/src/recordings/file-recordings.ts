import { open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { RecordingId } from '@perch/shared';
import type { OpenRecording, RecordingLabel, Recordings, Salvage } from '../exchange/voicemail/ports.ts';
import { oggOpusHead } from '../media/ogg/ogg-opus-writer.ts';
import type { DiskRoom } from './disk-room.ts';
import { makeFolder, syncFolder, unlessAbsent } from './durable-files.ts';
import type { RecordingsJournal } from './ports.ts';
import { RecordingFile } from './recording-file.ts';
import { commentsFor } from './recording-label.ts';
import { salvageFolder } from './salvage-folder.ts';

/** The recordings of one organization, in a folder of their own: `<id>.part` until they are kept, then `<id>.opus`. */
export class FileRecordings implements Recordings {
  readonly #folder: string;
  readonly #room: DiskRoom;
  readonly #journal: RecordingsJournal;

  constructor(folder: string, room: DiskRoom, journal: RecordingsJournal) {
    this.#folder = folder;
    this.#room = room;
    this.#journal = journal;
  }

  hasRoom(): Promise<boolean> {
    return this.#room.isEnough();
  }

  async begin(label: RecordingLabel): Promise<OpenRecording> {
    const [part, whole] = [this.#path(label.id, 'part'), this.#path(label.id, 'opus')];
    const head = oggOpusHead(commentsFor(label));
    await makeFolder(this.#folder);
    const handle = await open(part, 'wx', 0o600);
    const recording = new RecordingFile(handle, part, whole);
    try {
      await handle.appendFile(head);
    } catch (error) {
      await recording.discard();
      throw error;
    }
    return recording;
  }

  async read(id: RecordingId): Promise<Buffer> {
    return readFile(this.#path(id, 'opus'));
  }

  /** The same, piece by piece; `undefined` where there is none. */
  async stream(id: RecordingId): Promise<Readable | undefined> {
    const handle = await unlessAbsent(open(this.#path(id, 'opus'), 'r'));
    return handle?.createReadStream();
  }

  async delete(id: RecordingId): Promise<void> {
    await unlessAbsent(unlink(this.#path(id, 'opus')).then(() => syncFolder(this.#folder)));
  }

  salvage(known: ReadonlySet<RecordingId>): Promise<Salvage> {
    return salvageFolder(this.#folder, known, this.#journal);
  }

  /** @throws {RangeError} on an id that could lead out of the folder: ours never do. */
  #path(id: RecordingId, suffix: 'part' | 'opus'): string {
    if (!/^[\w-]{1,64}$/.test(id)) throw new RangeError(`${JSON.stringify(id)} is no id of a recording`);
    return join(this.#folder, `${id}.${suffix}`);
  }
}
