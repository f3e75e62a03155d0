import type { Step } from './script.ts';

/** The script fails in the same way. */
type Fails = (script: readonly Step[]) => Promise<boolean>;

/** Leaves out whatever can be left out of a script that fails: whole phones first, then pieces of half the rest, a quarter, and so on. */
export async function minimised(script: readonly Step[], fails: Fails): Promise<readonly Step[]> {
  let left = script;
  for (const phone of new Set(script.map((step) => step.phone))) {
    const without = left.filter((step) => step.phone !== phone);
    if (without.length < left.length && (await fails(without))) left = without;
  }
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < left.length;) {
      const without = left.filter((_, index) => index < at || index >= at + size);
      if (await fails(without)) left = without;
      else at += size;
    }
  }
  return left;
}
