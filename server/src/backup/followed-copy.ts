import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, unlessAbsent } from '../recordings/durable-files.ts';

/** Says what a folder is, and which part of it is whole: a folder without it is no copy. */
const COPY = 'copy.json';
/** The same while it is being written. */
export const COPY_BEGUN = `${COPY}.part`;
/** When the copy was last known to have everything (RFC 3339). */
export const AS_OF = 'as-of';
/** The databases of a copy, from when it was begun. */
export const GENERATION = /^databases-\d+$/;

/** How this Perch keeps such copies. */
export const COPY_FORMAT = 1;

interface CopyDescription {
  readonly format: number;
  /** The version of the Perch that keeps it. */
  readonly perch: string;
  /** The folder with the databases. */
  readonly databases: string;
}

/** `undefined` where the folder is no copy that follows. */
export async function copyIn(folder: string): Promise<CopyDescription | undefined> {
  const text = await unlessAbsent(readFile(join(folder, COPY), 'utf8'));
  return text === undefined ? undefined : (JSON.parse(text) as CopyDescription);
}

/** Whole or not at all, whatever happens meanwhile. */
export async function describeCopy(folder: string, description: CopyDescription): Promise<void> {
  const part = join(folder, COPY_BEGUN);
  const file = await open(part, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(description)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, join(folder, COPY));
  await syncFolder(folder);
}
