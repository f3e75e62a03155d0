import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Locked, closure } from '../release/shrinkwrap.ts';
import type { Shipped } from './licences.ts';
import { nameOf } from './lock-file.ts';

/** Packages whose package.json is silent; read in their licence files. */
const READ_BY_US: Readonly<Record<string, string>> = { 'svelte-toolbelt': 'MIT' };
const LICENCE_FILE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;

/** A shipped package and where it is in the repository, such as `node_modules/ws`. */
export interface ShippedPackage extends Shipped {
  readonly path: string;
}

/**
 * All packages of others that come with a release, by name: what the server needs, which npm installs beside it, and what is part of
 * the built pages.
 *
 * @param locked entries of the lock file
 * @param workspaces folders of those whose dependencies the server needs
 * @param bundled paths of the packages in the pages
 */
export function shippedPackages(
  locked: Locked,
  workspaces: readonly string[],
  bundled: readonly string[],
): readonly ShippedPackage[] {
  const inPages = new Set(bundled);
  return [...new Set([...closure(locked, workspaces), ...bundled])]
    .map((path) => {
      const { version = '', license } = locked[path] ?? {};
      const name = nameOf(path);
      return { path, name, version, licence: license ?? READ_BY_US[name], bundled: inPages.has(path) };
    })
    .toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

/** THIRD-PARTY-LICENSES.txt: each package with its licence, and the text that it comes with. */
export function notices(repository: string, shipped: readonly ShippedPackage[]): string {
  const sections = shipped.map(({ path, name, version, licence, bundled }) => {
    const where = bundled ? 'bundled into the pages' : 'installed with Perch';
    const texts = licenceTexts(join(repository, path));
    return [
      `${name} ${version}: ${licence ?? 'no licence named'} (${where})`,
      ...(texts.length > 0 ? texts : ['It comes without a text of its licence.']),
    ].join('\n\n');
  });
  return `${['What Perch is made of and installed with, each under its own licence.', ...sections].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** Of a package for another platform nothing is here. */
function licenceTexts(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && LICENCE_FILE.test(entry.name))
    .map((entry) => readFileSync(join(folder, entry.name), 'utf8').replaceAll('\r\n', '\n').trim());
}
