import { join, relative } from 'node:path';
import { SOCKET } from '../storage/data-files.ts';

/** What the socket says, as one line of JSON: that the snapshot is there, or a sentence that says why there is none. */
export type SnapshotReply =
  { readonly kind: 'ready' } | { readonly kind: 'refused'; readonly sentence: string };

/** The longest path of a socket that every system takes (octets). */
const LONGEST_PATH = 103;

/** The socket of a data folder; `undefined` where its path is longer than a socket's may be, from here too. */
export function socketOf(dataFolder: string): string | undefined {
  const path = join(dataFolder, SOCKET);
  return [path, relative('', path)].find((way) => Buffer.byteLength(way) <= LONGEST_PATH);
}
