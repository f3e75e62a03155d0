import { createHash } from 'node:crypto';
import type { DatabaseName } from '../storage/data-files.ts';

/** The file that says what a backup holds. It is written last: a folder without it is none. */
export const MANIFEST = 'backup.json';

/** How this Perch writes it. */
export const FORMAT = 1;

/** A file, by its path in the data folder, with slashes. */
export interface BackedUpFile {
  readonly path: string;
  readonly octets: number;
  readonly sha256: string;
}

export interface Manifest {
  /** How this is written; a newer Perch may write it otherwise. */
  readonly format: number;
  /** The version of the Perch that made it. */
  readonly perch: string;
  /** When the databases were copied (RFC 3339). */
  readonly takenAt: string;
  /** How many extensions were at other terminals then. */
  readonly stays: number;
  /** The migrations that each database has had. */
  readonly databases: Readonly<Partial<Record<DatabaseName, readonly string[]>>>;
  readonly files: readonly BackedUpFile[];
}

/** What has been restored, as far as people want to know. */
export type Restored = Pick<Manifest, 'perch' | 'takenAt' | 'stays' | 'files'>;

/** A path that stays in the folder, such as Perch gives its files. */
const PATH = /^(?!.*(?:^|\/)\.)[\w.-]+(?:\/[\w.-]+)*$/;

/** Can a backup hold a file with this path? */
export const isHeld = (path: string): boolean => PATH.test(path);

/** As text, with a seal over all of it. */
export const manifestText = (manifest: Manifest): string =>
  `${JSON.stringify({ ...manifest, seal: sealOf(manifest) }, undefined, 1)}\n`;

/** What a text says; `undefined` where it is not as it was written. */
export function readManifest(text: string): Manifest | undefined {
  try {
    const { seal, ...manifest } = JSON.parse(text) as Manifest & { readonly seal: string };
    const isOurs = seal === sealOf(manifest) && manifest.files.every(({ path }) => isHeld(path));
    return isOurs ? manifest : undefined;
  } catch {
    return undefined;
  }
}

const sealOf = (manifest: Manifest): string =>
  createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
