import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { asJavaScript } from './javascript.ts';
import { refusedLicences } from '../supply-chain/licences.ts';
import { billOfMaterials } from '../supply-chain/sbom.ts';
import { notices, shippedPackages } from '../supply-chain/shipped.ts';
import { type Locked, pinned, shrinkwrapped } from './shrinkwrap.ts';

const WORKSPACES = ['server', 'shared'];
const ENTRY = 'server/bin/perch.mjs';
/** Copied unchanged beside the modules. */
const COPIED = [
  'client/dist',
  'server/deploy',
  'server/messages',
  'server/prompts',
  'docs',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
];

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
}

/**
 * Packs what a machine with nothing but Node needs to run Perch: the server, the built pages and the prompts, and in
 * `npm-shrinkwrap.json` the versions of the server's dependencies that the lock file has. `sbom.cdx.json` lists what is shipped
 * (CycloneDX), `THIRD-PARTY-LICENSES.txt` under which licences.
 *
 * The server is JavaScript in there, since Node strips no types from what is installed as a package. It is stripped file by file
 * and not bundled: stack traces, workers and paths are then those of the sources, without a source map.
 *
 * @param repository its folder, with the pages built
 * @param target the folder of `perch-VERSION.tgz`
 * @returns the path of that file
 * @throws where a package is shipped whose licence is not allowed
 */
export async function pack(repository: string, target: string): Promise<string> {
  const staged = await mkdtemp(join(tmpdir(), 'perch-release-'));
  try {
    for (const path of COPIED) {
      await cp(join(repository, path), join(staged, path), { recursive: true });
    }
    for (const [path, text] of await asJavaScript(repository, ENTRY)) {
      await mkdir(dirname(join(staged, path)), { recursive: true });
      await writeFile(join(staged, path), text);
    }
    const { packages } = (await readJson(join(repository, 'package-lock.json'))) as { packages: Locked };
    const shrinkwrap = shrinkwrapped(packages, WORKSPACES);
    const manifest = { ...(await manifestOf(repository)), dependencies: pinned(shrinkwrap) };
    const { name, version } = manifest;
    await writeJson(join(staged, 'package.json'), manifest);
    await writeJson(join(staged, 'npm-shrinkwrap.json'), {
      name,
      version,
      lockfileVersion: 3,
      requires: true,
      packages: { '': manifest, ...shrinkwrap },
    });
    const bundled = (await readJson(join(repository, 'client/dist/.packages.json'))) as string[];
    const shipped = shippedPackages(packages, WORKSPACES, bundled);
    const refused = refusedLicences(shipped);
    if (refused.length > 0) throw new Error(refused.join('\n'));
    await writeFile(join(staged, 'THIRD-PARTY-LICENSES.txt'), notices(repository, shipped));
    await writeJson(
      join(staged, 'sbom.cdx.json'),
      billOfMaterials({ name, version }, shrinkwrap, shipped, packages),
    );
    npmPack(staged, target);
    return join(target, `${name}-${version}.tgz`);
  } finally {
    await rm(staged, { recursive: true });
  }
}

async function manifestOf(repository: string): Promise<Manifest & Record<string, unknown>> {
  const root = (await readJson(join(repository, 'package.json'))) as Manifest;
  const { name, version, description, license, engines } = root;
  return {
    name,
    version,
    private: true,
    description,
    license,
    type: 'module',
    engines,
    bin: { perch: ENTRY },
    scripts: { start: `node ${ENTRY}`, demo: `node ${ENTRY} demo` },
  };
}

const readJson = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'));

const writeJson = (path: string, value: unknown) => writeFile(path, `${JSON.stringify(value, null, 2)}\n`);

function npmPack(folder: string, target: string): void {
  const { status, stderr } = spawnSync('npm', ['pack', '--silent', `--pack-destination=${target}`], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`npm pack failed: ${stderr}`);
}
