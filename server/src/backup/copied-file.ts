import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BackedUpFile } from './manifest.ts';

type FileContents = Omit<BackedUpFile, 'path'>;

const PIECE_OCTETS = 1 << 20;

/** Copies a file, for us alone, and onto the disk. @returns what was in it; rejects where the signal says so. */
export async function copyFile(from: string, to: string, signal: AbortSignal): Promise<FileContents> {
  const pieces = piecesOf(from, signal);
  // Before the new file is made: there is none where there was nothing to copy.
  let piece = await pieces.next();
  const target = await open(to, 'wx', 0o600);
  try {
    const contents = new Contents();
    for (; piece.value !== undefined; piece = await pieces.next()) {
      contents.add(piece.value);
      await target.writeFile(piece.value);
    }
    await target.sync();
    return contents.sum();
  } finally {
    await pieces.return(undefined);
    await target.close();
  }
}

/** The folders in which that path lies, each in the one after it. */
export function foldersOf(path: string): readonly string[] {
  const folder = dirname(path);
  return folder === '.' ? [] : [folder, ...foldersOf(folder)];
}

/** What is in a file. */
export async function contentsOf(path: string, signal: AbortSignal): Promise<FileContents> {
  const contents = new Contents();
  for await (const piece of piecesOf(path, signal)) contents.add(piece);
  return contents.sum();
}

class Contents {
  readonly #hash = createHash('sha256');
  #octets = 0;

  add(piece: Buffer): void {
    this.#hash.update(piece);
    this.#octets += piece.length;
  }

  sum(): FileContents {
    return { octets: this.#octets, sha256: this.#hash.digest('hex') };
  }
}

/** Each is good until the next is asked for. */
async function* piecesOf(path: string, signal: AbortSignal): AsyncGenerator<Buffer, undefined> {
  // A link may lead to what its maker could not read.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const piece = Buffer.allocUnsafe(PIECE_OCTETS);
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(piece, 0, PIECE_OCTETS);
      if (bytesRead === 0) return undefined;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
