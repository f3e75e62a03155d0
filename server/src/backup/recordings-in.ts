import { join } from 'node:path';
import { RECORDINGS } from '../storage/data-files.ts';
import { filesIn } from './files-in.ts';
import { isHeld } from './manifest.ts';

/** Recordings that are being made; where no Perch runs, the next start makes messages of them. */
const UNFINISHED = /\.(?:part|mended)$/;

/** The recordings of a data folder, by their paths in it. */
export async function recordingsIn(dataFolder: string, isServing: boolean): Promise<readonly string[]> {
  return (
    (await filesIn(join(dataFolder, RECORDINGS)))
      .filter((path) => !(isServing && UNFINISHED.test(path)))
      .map((path) => `${RECORDINGS}/${path}`)
      // Others are not of Perch's making, or were only to try whether the disk takes them.
      .filter(isHeld)
  );
}
