import type { ExtensionId } from '@perch/shared';
import type { Virtualization } from './virtualization.ts';

/**
 * Which of the rules that always hold for an organization's virtualizations are broken; empty where none is.
 * `belongs` says whether an extension is this organization's.
 */
export function brokenInvariants(
  virtualizations: Iterable<Virtualization>,
  belongs: (extension: ExtensionId) => boolean = () => true,
): readonly string[] {
  const broken: string[] = [];
  const virtual = new Set<ExtensionId>();
  const base = new Set<ExtensionId>();
  for (const one of virtualizations) {
    if (virtual.has(one.virtual)) broken.push(`${one.virtual} is virtual twice`);
    if (base.has(one.base)) broken.push(`the terminal of ${one.base} has two guests`);
    if (one.virtual === one.base) broken.push(`${one.virtual} is its own guest`);
    for (const extension of [one.virtual, one.base])
      if (!belongs(extension)) broken.push(`${extension} is of no extension here`);
    virtual.add(one.virtual);
    base.add(one.base);
  }
  return broken;
}
