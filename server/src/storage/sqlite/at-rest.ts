import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASES } from '../data-files.ts';
import { Database } from './database.ts';

/** The databases of a data folder that no Perch uses, as they are. */
export interface DatabasesAtRest {
  copyInto(folder: string): Promise<void>;
  close(): void;
}

/** Holds their locks until they are closed. @throws {UnusableData} where a Perch uses them. */
export function openAtRest(dataFolder: string): DatabasesAtRest {
  const opened = new Map<string, Database<object>>();
  const close = () => {
    for (const database of opened.values()) database.close();
  };
  try {
    for (const name of DATABASES)
      if (existsSync(join(dataFolder, name)))
        opened.set(name, new Database<object>(join(dataFolder, name), 'power-cut'));
  } catch (error) {
    close();
    throw error;
  }
  return {
    copyInto: async (folder) => {
      for (const [name, database] of opened) await database.copyTo(join(folder, name));
    },
    close,
  };
}
