import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DATABASES, type DatabaseName } from '../data-files.ts';
import { DamagedData } from '../unusable-data.ts';
import { Database } from './database.ts';
import { isDamage } from './errors.ts';

/** The databases of a data folder that no Perch uses, as they are. */
export interface DatabasesAtRest {
  /** @throws {DamagedData} where one is damaged without which no Perch starts, or whose loss would be felt. */
  copyInto(folder: string): Promise<void>;
  close(): void;
}

/** What the next start sets aside where it is damaged: the calls that were under way when Perch ended. */
export const canBeLeftOut = (name: DatabaseName): boolean => name === 'calls.db';

/** Holds their locks until they are closed. @throws {UnusableData} where a Perch uses them. */
export function openAtRest(dataFolder: string): DatabasesAtRest {
  const opened = new Map<DatabaseName, Database<object>>();
  const close = () => {
    for (const database of opened.values()) database.close();
  };
  try {
    for (const name of DATABASES) {
      const path = join(dataFolder, name);
      if (!existsSync(path)) continue;
      try {
        opened.set(name, new Database<object>(path, 'power-cut'));
      } catch (error) {
        leaveOut(name, path, error);
      }
    }
  } catch (error) {
    close();
    throw error;
  }
  return {
    copyInto: async (folder) => {
      for (const [name, database] of opened) {
        const copy = join(folder, name);
        try {
          await database.copyTo(copy);
        } catch (error) {
          leaveOut(name, join(dataFolder, name), error);
          await rm(copy, { force: true });
        }
      }
    },
    close,
  };
}

function leaveOut(name: DatabaseName, path: string, error: unknown): void {
  if (!isDamage(error)) throw error;
  if (!canBeLeftOut(name)) throw new DamagedData(`${path} is damaged.`);
}
