import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { faultsOf, type Manifest, type SupplyChain } from './lock-file.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string): unknown => JSON.parse(readFileSync(REPOSITORY + path, 'utf8'));

const root = read('package.json') as Manifest & {
  readonly workspaces: readonly string[];
  readonly allowScripts: Readonly<Record<string, boolean>>;
};

const OURS: SupplyChain = {
  locked: (read('package-lock.json') as { packages: SupplyChain['locked'] }).packages,
  manifests: {
    '': root,
    ...Object.fromEntries(root.workspaces.map((name) => [name, read(`${name}/package.json`) as Manifest])),
  },
  mayRunScripts: Object.keys(root.allowScripts).filter((name) => root.allowScripts[name]),
};

test('the lock file agrees with every package.json; all comes from the registry, with a hash, and without scripts but the named', () => {
  expect(faultsOf(OURS)).toEqual([]);
});

const SOUND: SupplyChain = {
  locked: {
    '': { dependencies: { ws: '^8' } },
    server: { devDependencies: { node: '^24' } },
    'node_modules/@perch/server': { link: true, resolved: 'server' },
    'node_modules/ws': { version: '8.1.0', integrity: 'sha512-abc==' },
    'server/node_modules/ws': { version: '7.1.0', integrity: 'sha512-ghi==' },
    'node_modules/node': { version: '24.0.0', integrity: 'sha512-def==', hasInstallScript: true },
  },
  manifests: { '': { dependencies: { ws: '^8' } }, server: { devDependencies: { node: '^24' } } },
  mayRunScripts: ['node'],
};

test('a sound lock file has no faults', () => {
  expect(faultsOf(SOUND)).toEqual([]);
});

const changed = (path: string, change: object): SupplyChain => ({
  ...SOUND,
  locked: { ...SOUND.locked, [path]: { ...SOUND.locked[path], ...change } },
});

test.for([
  {
    fault: 'package.json wants ws ^8 (dependencies), the lock file has ^7.',
    chain: changed('', { dependencies: { ws: '^7' } }),
  },
  {
    fault: 'server/package.json wants node no more (devDependencies), the lock file has ^24.',
    chain: { ...SOUND, manifests: { ...SOUND.manifests, server: {} } },
  },
  {
    fault: 'The lock file does not know client/package.json.',
    chain: { ...SOUND, manifests: { ...SOUND.manifests, client: {} } },
  },
  {
    fault: 'node_modules/ws does not come from the registry but from git+ssh://git@example.org/ws.git#abc.',
    chain: changed('node_modules/ws', { resolved: 'git+ssh://git@example.org/ws.git#abc' }),
  },
  {
    fault: 'node_modules/ws has no hash of its content.',
    chain: changed('node_modules/ws', { integrity: undefined }),
  },
  {
    fault: 'node_modules/ws has no hash of its content.',
    chain: changed('node_modules/ws', { integrity: 'sha1-abc=' }),
  },
  {
    fault: 'server/node_modules/ws has no hash of its content.',
    chain: changed('server/node_modules/ws', { integrity: undefined }),
  },
  ...(['optionalDependencies', 'peerDependencies'] as const).map((kind) => ({
    fault: `package.json wants node-pty no more (${kind}), the lock file has ^1.`,
    chain: changed('', { [kind]: { 'node-pty': '^1' } }),
  })),
  {
    fault: 'node_modules/ws runs a script when it is installed, and is not in allowScripts of package.json.',
    chain: changed('node_modules/ws', { hasInstallScript: true }),
  },
  {
    fault: 'argon2 may run a script when it is installed, and nothing needs it any more.',
    chain: { ...SOUND, mayRunScripts: ['node', 'argon2'] },
  },
])('$fault', ({ fault, chain }) => {
  expect(faultsOf(chain)).toEqual([fault]);
});
