import { alterSources } from '../altered/altered-sources.ts';
import { instrument } from './instrument.ts';

/** More than all files of the product have. */
const MOST_BRANCHES = 65_536;

const hits = new Uint32Array(MOST_BRANCHES);
Object.assign(globalThis, { branchHits: hits });
/** The file of each branch. */
const branchFiles: string[] = [];

/** How often is told apart in these steps: once, twice, three times, up to 7, 15, 31, 127 and more. */
const stepOf = (count: number): number =>
  count < 4 ? count - 1 : count < 8 ? 3 : count < 16 ? 4 : count < 32 ? 5 : count < 128 ? 6 : 7;

/** From now on, files of the product whose paths begin with one of these count their branches. Begin before the first of them is loaded. */
export function observe(files: readonly string[]): void {
  alterSources((file, source) =>
    files.some((begin) => file.startsWith(begin))
      ? instrument(source, () => branchFiles.push(file) - 1)
      : undefined,
  );
}

/** What runs have reached, over all of them. */
export class Coverage {
  /** Those of the files in question. */
  readonly #branches: Uint16Array;
  /** A bit for each step of how often, by branch. */
  readonly #seen = new Uint8Array(MOST_BRANCHES);

  /** Of those files, loaded by now, whose paths begin with one of these. */
  constructor(files: readonly string[]) {
    this.#branches = Uint16Array.from(
      branchFiles.flatMap((file, branch) => (files.some((begin) => file.startsWith(begin)) ? [branch] : [])),
    );
  }

  /** How many branches there are. */
  get total(): number {
    return this.#branches.length;
  }

  get reached(): number {
    return this.#seen.reduce((sum, steps) => sum + Number(steps !== 0), 0);
  }

  /** Runs, and returns how many branches ran in all, however often: the work, which is the same on every machine. */
  run(subject: () => void): number {
    for (const branch of this.#branches) hits[branch] = 0;
    subject();
    let work = 0;
    for (const branch of this.#branches) work += hits[branch] ?? 0;
    return work;
  }

  /** Did the last run reach what none did before? Takes note of it. */
  isNew(): boolean {
    let isNew = false;
    for (const branch of this.#branches) {
      const count = hits[branch] ?? 0;
      if (count === 0) continue;
      const bit = 1 << stepOf(count);
      const seen = this.#seen[branch] ?? 0;
      if ((seen & bit) !== 0) continue;
      this.#seen[branch] = seen | bit;
      isNew = true;
    }
    return isNew;
  }
}
