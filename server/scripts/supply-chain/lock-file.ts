type Ranges = Readonly<Record<string, string>>;

/** What a package.json and its entry in npm's lock file have in common. */
export interface Manifest {
  readonly dependencies?: Ranges;
  readonly devDependencies?: Ranges;
  readonly optionalDependencies?: Ranges;
  readonly peerDependencies?: Ranges;
}

/** An entry of npm's lock file, as far as it says where a package comes from. */
export interface LockedPackage extends Manifest {
  readonly version?: string;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
}

/** What is compared: npm's lock file, and each package.json of the repository by its folder (`''` is the root). */
export interface SupplyChain {
  readonly locked: Readonly<Record<string, LockedPackage>>;
  readonly manifests: Readonly<Record<string, Manifest>>;
  /** The packages that may run a script of their own when they are installed. */
  readonly mayRunScripts: readonly string[];
}

const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

/**
 * What is wrong with a lock file, a sentence each. Ours names no registry (`omit-lockfile-registry-resolved`): all packages
 * come from the one that npm is configured for, and an entry with an address of its own comes from elsewhere.
 */
export function faultsOf({ locked, manifests, mayRunScripts }: SupplyChain): readonly string[] {
  return [
    ...Object.entries(manifests).flatMap(([folder, manifest]) => disagreements(folder, manifest, locked)),
    ...Object.entries(locked)
      .filter(([path, { link }]) => path.includes('node_modules/') && !link)
      .flatMap(([path, entry]) => faultsOfPackage(path, entry, mayRunScripts)),
    ...mayRunScripts
      .filter((name) => !Object.keys(locked).some((path) => nameOf(path) === name))
      .map((name) => `${name} may run a script when it is installed, and nothing needs it any more.`),
  ];
}

function disagreements(folder: string, manifest: Manifest, locked: SupplyChain['locked']): readonly string[] {
  const file = `${folder === '' ? '' : `${folder}/`}package.json`;
  const entry = locked[folder];
  if (entry === undefined) return [`The lock file does not know ${file}.`];
  return KINDS.flatMap((kind) => {
    const [wanted, known] = [manifest[kind] ?? {}, entry[kind] ?? {}];
    return [...new Set([...Object.keys(wanted), ...Object.keys(known)])]
      .filter((name) => wanted[name] !== known[name])
      .map(
        (name) =>
          `${file} wants ${name} ${wanted[name] ?? 'no more'} (${kind}), the lock file has ${known[name] ?? 'nothing'}.`,
      );
  });
}

function faultsOfPackage(
  path: string,
  { resolved, integrity, hasInstallScript }: LockedPackage,
  mayRunScripts: readonly string[],
): readonly string[] {
  return [
    ...(resolved === undefined ? [] : [`${path} does not come from the registry but from ${resolved}.`]),
    ...(/^sha(256|384|512)-[\w+/]+=*$/.test(integrity ?? '') ? [] : [`${path} has no hash of its content.`]),
    ...(hasInstallScript && !mayRunScripts.includes(nameOf(path))
      ? [`${path} runs a script when it is installed, and is not in allowScripts of package.json.`]
      : []),
  ];
}

/** The name of the package at a path of a lock file, such as `node_modules/a/node_modules/@scope/b`. */
export const nameOf = (path: string) =>
  path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
