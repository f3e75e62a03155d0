import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { recordingId } from '@perch/shared';
import type { RecordingId } from '@perch/shared';
import { SHORTEST_MESSAGE_MS } from '../exchange/voicemail/ports.ts';
import type { Salvage, SalvagedMessage } from '../exchange/voicemail/ports.ts';
import { salvage } from '../media/ogg/ogg-opus-repair.ts';
import { makeFolder, syncFolder } from './durable-files.ts';
import type { RecordingsJournal } from './ports.ts';
import { labelAmong } from './recording-label.ts';

/**
 * Completes and renames the files that a crash left in a folder; one at a time, so that hundreds need no more memory than
 * one. Unreadable files are moved aside, and trouble with one file does not stop the rest: it is tried again at
 * the next start. A crash in here is harmless.
 */
export async function salvageFolder(
  folder: string,
  known: ReadonlySet<RecordingId>,
  journal: RecordingsJournal,
): Promise<Salvage> {
  await makeFolder(folder);
  const missing = new Set<string>(known);
  const messages: SalvagedMessage[] = [];

  const setAside = async (path: string) => {
    await rename(path, `${path}.unreadable`);
    journal.setAside(`${path}.unreadable`);
  };

  const endPart = async (path: string, id: string) => {
    const file = await readFile(path);
    const salvaged = salvage(file);
    // An empty one never had any sound; anything else that cannot be read is for a person to judge.
    if (!salvaged) return file.length === 0 ? rm(path) : setAside(path);
    const label = labelAmong(salvaged.comments);
    if (salvaged.soundMs < SHORTEST_MESSAGE_MS || label?.kind === 'greeting') return rm(path);
    const mended = join(folder, `${id}.mended`);
    const handle = await open(mended, 'w', 0o600);
    try {
      await handle.writeFile(salvaged.file);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(mended, join(folder, `${id}.opus`));
    return rm(path);
  };

  const recover = async (path: string, id: string) => {
    if (missing.delete(id)) return; // it has a row
    const salvaged = salvage(await readFile(path));
    const label = salvaged && labelAmong(salvaged.comments);
    if (!label || label.id !== id) return setAside(path);
    if (label.kind === 'greeting') return rm(path);
    messages.push({ label, durationMs: salvaged.durationMs });
  };

  // Parts before whole files, which they become.
  for (const [suffix, treat] of [
    ['.mended', (path: string) => rm(path)],
    ['.part', endPart],
    ['.opus', recover],
  ] as const)
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith(suffix)) continue;
      try {
        await treat(join(folder, entry.name), basename(entry.name, suffix));
      } catch (error) {
        journal.failed(error);
      }
    }
  await syncFolder(folder);
  return { messages, missing: [...missing].map(recordingId) };
}
