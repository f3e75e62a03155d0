import { join, relative } from 'node:path';
import { SOCKET } from '../storage/data-files.ts';
import type { HeldDatabase } from '../storage/storage.ts';

/**
 * What the command that copies the files asks of the server that uses them, one line each. The first says what for: a backup is made, or a copy is kept that
 * follows. From its answer on, the files can be copied, until the connection ends.
 */
export type CopyRequest =
  | 'backup'
  | 'follow'
  /** Everything that has been recorded is in `records.db`, once this is answered. */
  | 'archived'
  /** Nothing but an answer: until it, the files were held. */
  | 'held'
  | `checkpoint ${HeldDatabase}`;

/** What is answered, as one line of JSON. */
export type CopyReply =
  /** `pages`: of the WAL whose pages are in their places now; none where somebody else copies the file, too. */
  | { readonly kind: 'done'; readonly pages?: number }
  /** The sentence is for the person who asked for the copy. */
  | { readonly kind: 'refused'; readonly sentence: string };

/** The longest path of a socket that every system takes (octets). */
const LONGEST_PATH = 103;

/** The socket of a data folder; `undefined` where its path is longer than a socket's may be, from here too. */
export function socketOf(dataFolder: string): string | undefined {
  const path = join(dataFolder, SOCKET);
  return [path, relative('', path)].find((way) => Buffer.byteLength(way) <= LONGEST_PATH);
}
