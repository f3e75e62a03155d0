import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemWorld } from '../../../world/world.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';
import { openStorage } from '../open-storage.ts';

let made: Promise<ReadonlyMap<string, Buffer>> | undefined;

/** For tests: makes that folder as a new Perch does. The migrations, which are most of the time of that, are run once for all tests of a process. */
export async function makeDataFolder(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, content] of await (made ??= makeFiles()))
    writeFileSync(join(folder, name), content, { mode: 0o600 });
}

async function makeFiles(): Promise<ReadonlyMap<string, Buffer>> {
  const folder = scratchFolder();
  const storage = await openStorage(folder, systemWorld, (file, error) => {
    throw new Error(file, { cause: error });
  });
  await storage.close();
  const names = readdirSync(folder).filter((name) => name.endsWith('.db'));
  const files = new Map(names.map((name) => [name, readFileSync(join(folder, name))]));
  rmSync(folder, { recursive: true });
  return files;
}
