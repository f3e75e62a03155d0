import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Locked, pinned } from '../release/shrinkwrap.ts';
import type { ShippedPackage } from './shipped.ts';

interface Component {
  name: string;
  version: string;
  type: string;
  licenses?: unknown;
  properties?: { name: string; value: string }[];
}
/** A CycloneDX document, as far as we complete it. */
interface Bom {
  metadata: { component: Component };
  components: Component[];
}

/**
 * The CycloneDX document of a release, made by npm: what is in its shrinkwrap, and what is part of the pages.
 *
 * @param manifest of the release
 * @param shrinkwrap the entries of its `npm-shrinkwrap.json`
 * @param shipped all that comes with it
 * @param locked entries of the lock file of the repository
 * @throws where npm cannot make it
 */
export function billOfMaterials(
  manifest: { readonly name: string; readonly version: string },
  shrinkwrap: Locked,
  shipped: readonly ShippedPackage[],
  locked: Locked,
): Bom {
  const bundled = shipped.filter((one) => one.bundled);
  const packages: Record<string, Locked[string]> = { ...shrinkwrap };
  for (const { path, name } of bundled) {
    // What it needs to be built is not shipped.
    packages[`node_modules/${name}`] ??= {
      ...locked[path],
      ...{ dependencies: {}, optionalDependencies: {}, peerDependencies: {} },
    };
  }
  const dependencies = { ...pinned(packages), ...pinned(shrinkwrap) };
  const bom = madeByNpm({ ...manifest, dependencies }, { '': { ...manifest, dependencies }, ...packages });
  const components = bom.components.map((component) => {
    const found = shipped.find(
      ({ name, version }) => version === component.version && name === component.name,
    );
    const properties = component.properties ?? [];
    return {
      ...component,
      licenses: component.licenses ?? [{ license: { id: found?.licence } }],
      properties: found?.bundled
        ? [...properties, { name: 'perch:bundled', value: 'client/dist' }]
        : properties,
    };
  });
  const { component } = bom.metadata;
  return {
    ...bom,
    metadata: { ...bom.metadata, component: { ...component, type: 'application', name: manifest.name } },
    components,
  };
}

function madeByNpm(manifest: object, packages: object): Bom {
  const folder = mkdtempSync(join(tmpdir(), 'perch-sbom-'));
  try {
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    const lock = { ...manifest, lockfileVersion: 3, requires: true, packages };
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
    const args = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'];
    return JSON.parse(execFileSync('npm', args, { cwd: folder, encoding: 'utf8' })) as Bom;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
