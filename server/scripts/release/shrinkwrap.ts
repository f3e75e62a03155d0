import { nameOf } from '../supply-chain/lock-file.ts';

/** An entry of npm's lock file, as far as it matters here. */
interface Package {
  readonly version?: string;
  readonly link?: boolean;
  readonly optional?: boolean;
  readonly integrity?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** The entries of npm's lock file by their path from the root, such as `node_modules/ws`. */
export type Locked = Readonly<Record<string, Package>>;

/**
 * What workspaces need of a lock file, as the entries of a package that consists of these workspaces: each dependency in the version
 * that the lock file gives it, and in the root unless another version of it is there.
 *
 * @param locked entries of the workspaces' lock file
 * @param workspaces their folders
 */
export function shrinkwrapped(locked: Locked, workspaces: readonly string[]): Locked {
  const placed: Record<string, Package> = {};
  const sources = new Map<string, string>();
  for (const path of closure(locked, workspaces)) {
    const place = `node_modules/${nameOf(path)}`;
    if (!sources.has(place) || path === place) sources.set(place, path);
  }
  for (const [place, path] of sources) placed[place] = entryOf(locked, path);
  for (const [place, path] of sources) putDependencies(place, path);
  return Object.fromEntries(Object.entries(placed).toSorted(([one], [other]) => (one < other ? -1 : 1)));

  function putDependencies(place: string, path: string): void {
    for (const dependency of dependenciesOf(locked, path)) {
      const wanted = entryOf(locked, dependency);
      const found = lookedUp(placed, place, nameOf(dependency));
      if (found !== undefined && placed[found]?.version === wanted.version) continue;
      const inside = `${place}/node_modules/${nameOf(dependency)}`;
      placed[inside] = wanted;
      putDependencies(inside, dependency);
    }
  }
}

/**
 * The versions in the root of a shrinkwrap, as the dependencies of its package. npm reads no shrinkwrap in a package that comes from
 * a file, and npm 12 reads none at all: there, these hold all versions but those of second copies. What is for one platform only is left to the package that
 * chooses it.
 */
export function pinned(shrinkwrap: Locked): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(shrinkwrap)
      .filter(([place, { optional }]) => place.lastIndexOf('node_modules/') === 0 && !optional)
      .map(([place, { version = '' }]) => [nameOf(place), version]),
  );
}

/** The paths of all that workspaces need of a lock file. */
export function closure(locked: Locked, workspaces: readonly string[]): ReadonlySet<string> {
  const found = new Set(workspaces.flatMap((workspace) => dependenciesOf(locked, workspace)));
  for (const path of found) {
    for (const dependency of dependenciesOf(locked, path)) found.add(dependency);
  }
  return found;
}

/** The paths of what the package at `path` needs, without other workspaces and without missing packages, which are optional. */
function dependenciesOf(locked: Locked, path: string): readonly string[] {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = entryOf(
    locked,
    path,
  );
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => !peerDependenciesMeta?.[name]?.optional);
  return [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]
    .map((name) => lookedUp(locked, path, name))
    .filter((found) => found !== undefined)
    .filter((found) => !entryOf(locked, found).link);
}

/** Where Node finds a package that one at `from` names: beside it, or beside one that contains it. */
function lookedUp(entries: Locked, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (path in entries) return path;
    if (folder === '') return undefined;
  }
}

function entryOf(locked: Locked, path: string): Package {
  const entry = locked[path];
  if (entry === undefined) throw new Error(`the lock file has no ${path}`);
  return entry;
}
