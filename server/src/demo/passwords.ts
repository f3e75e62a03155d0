import { createHmac } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Chance } from '../world/chance.ts';

/**
 * The demo's passwords: they cannot be guessed, and are the same at every start on the same data folder. The server
 * itself keeps only their hashes, so the demo keeps the secret that they are made from.
 */
export function passwordsOf(dataFolder: string, chance: Chance): (owner: string) => string {
  const seed = seedIn(dataFolder, chance);
  return (owner) => createHmac('sha256', seed).update(owner).digest('base64url').slice(0, 20);
}

function seedIn(dataFolder: string, chance: Chance): Buffer {
  const file = join(dataFolder, 'demo-seed');
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, chance.bytes(32), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file);
}
