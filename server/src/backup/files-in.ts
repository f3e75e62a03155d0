import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessAbsent } from '../recordings/durable-files.ts';

/** What a new file system has: a folder that only the system uses. */
export const OF_THE_SYSTEM = 'lost+found';

/** All files under a folder, by their paths in it, with slashes; none where there is no such folder. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  const folders = [''];
  for (let under = folders.pop(); under !== undefined; under = folders.pop()) {
    // Folder by folder: one that is removed meanwhile has nothing, and all others have what they have.
    const entries = await unlessAbsent(readdir(join(folder, under), { withFileTypes: true }));
    for (const entry of entries ?? []) {
      const path = under === '' ? entry.name : `${under}/${entry.name}`;
      (entry.isDirectory() ? folders : files).push(path);
    }
  }
  return files.toSorted();
}
