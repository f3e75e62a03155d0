/** A package that is shipped: what it is, and whether its code is part of the built pages. */
export interface Shipped {
  readonly name: string;
  readonly version: string;
  readonly licence: string | undefined;
  /** Part of files of ours, in contrast to a package of its own that npm installs beside Perch. */
  readonly bundled: boolean;
}

/** They ask for no more than their notice, wherever the code goes. */
const FREE = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
]);
/** A font's: free to go with pages, as long as it is not sold by itself. */
const FONTS = new Set(['OFL-1.1']);
/** Their code stays under them. Unchanged, and as packages that anyone can replace, they ask nothing of ours. */
const APART = new Set(['LGPL-3.0-or-later', 'MPL-2.0']);

/** What is wrong with the licences of what is shipped, a sentence each. */
export function refusedLicences(shipped: readonly Shipped[]): readonly string[] {
  return shipped
    .filter(({ licence = '', bundled }) => {
      return !(FREE.has(licence) || (bundled ? FONTS : APART).has(licence));
    })
    .map(({ name, version, licence, bundled }) => {
      const what = bundled ? 'bundled into the pages' : 'installed with Perch';
      return licence === undefined
        ? `${name} ${version}, ${what}, does not say what its licence is.`
        : `${name} ${version}, ${what}, has the licence ${licence}, which is not among those that are allowed there.`;
    });
}
