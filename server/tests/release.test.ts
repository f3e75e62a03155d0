import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pack } from '../scripts/release/release.ts';
import { unusedPort } from './support/demo-server.ts';
import type { DemoOrganization } from './support/served-organization.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const LIMIT_MS = 120_000;
/** Of these, the prompts in five languages are 15 MB. */
const LIMIT_BYTES = 140e6;

/** The release is tried in an empty folder with an empty npm cache. */
const folder = mkdtempSync(join(tmpdir(), 'perch-release-'));
const cache = join(folder, 'cache');

let npx: ChildProcess;
let demo: DemoOrganization;

beforeAll(async () => {
  execFileSync(process.execPath, ['server/scripts/build-client.mjs'], { cwd: REPOSITORY, stdio: 'ignore' });
  const file = await pack(REPOSITORY, folder);
  const args = ['--yes', `./${basename(file)}`, 'demo', '--json'];
  npx = spawn('npx', args, {
    cwd: folder,
    // A group of its own: npx starts a shell, which starts Perch.
    detached: true,
    env: { ...outside(), npm_config_cache: cache, PERCH_PORT: String(await unusedPort()) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  demo = JSON.parse(await firstLine(npx)) as DemoOrganization;
}, LIMIT_MS);

afterAll(async () => {
  if (npx.pid !== undefined && npx.exitCode === null) {
    const ended = once(npx, 'exit');
    process.kill(-npx.pid, 'SIGTERM');
    await ended;
  }
  rmSync(folder, { recursive: true });
});

test('the release serves its pages with their script, in health', async () => {
  const page = await (await fetch(demo.url)).text();
  const script = /<script[^>]* src="([^"]+)"/.exec(page)?.[1] ?? '';
  const answer = await fetch(new URL(script, demo.url));
  expect(answer.headers.get('content-type')).toContain('javascript');
  expect((await fetch(`${demo.url}/healthz`)).status).toBe(200);
});

test('the release keeps its data in the folder in which it was started', () => {
  expect(readdirSync(join(folder, 'data/demo'))).toContain('perch.db');
});

test('the release knows its version', () => {
  const { version } = readJson(join(REPOSITORY, 'package.json')) as { version: string };
  const perch = join(installation(), 'perch/server/bin/perch.mjs');
  expect(execFileSync(process.execPath, [perch, '--version'], { encoding: 'utf8' })).toBe(`${version}\n`);
});

test('the release brings what the server needs, in the versions of the lock file, and nothing else', () => {
  const { packages: locked } = readJson(join(REPOSITORY, 'package-lock.json')) as { packages: Packages };
  const { packages: installed } = readJson(join(installation(), '.package-lock.json')) as {
    packages: Packages;
  };
  const { perch, ...others } = Object.fromEntries(
    Object.entries(installed).map(([path, entry]) => [path.replace('node_modules/', ''), entry]),
  );
  expect(perch?.version).toBe(locked['']?.version);
  for (const [name, { version }] of Object.entries(others)) {
    const copies = Object.entries(locked).filter(([path]) => path.endsWith(`node_modules/${name}`));
    // For a second copy, only the range is guaranteed.
    if (!name.includes('/node_modules/')) {
      expect(
        copies.map(([, copy]) => copy.version),
        name,
      ).toContain(version);
      expect(
        copies.some(([, copy]) => !copy.dev),
        `${name} is not for development only`,
      ).toBe(true);
    }
  }
  expect(Object.keys(others)).toContain('better-sqlite3');
});

test('the bill of materials has what was installed and what is in the pages, each with its version, hash and licence', () => {
  const { bomFormat, specVersion, metadata, components } = readJson(
    join(installation(), 'perch/sbom.cdx.json'),
  ) as Bom;
  expect({ bomFormat, specVersion, what: metadata.component.purl }).toEqual({
    bomFormat: 'CycloneDX',
    specVersion: expect.stringMatching(/^1\.[5-9]$/) as unknown,
    what: expect.stringMatching(/^pkg:npm\/perch@/) as unknown,
  });
  const complete = components.filter(
    ({ purl, hashes, licenses }) =>
      purl.startsWith('pkg:npm/') &&
      /^[0-9a-f]{128}$/.test(hashes[0]?.content ?? '') &&
      licenses[0]?.license.id !== undefined,
  );
  expect(complete).toEqual(components);
  const listed = new Set(components.map(({ name }) => name));
  const { packages } = readJson(join(installation(), '.package-lock.json')) as { packages: Packages };
  const installed = Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13));
  expect(installed.filter((name) => name !== 'perch' && !listed.has(name))).toEqual([]);
  const bundled = components.filter(({ properties }) =>
    properties.some(({ name }) => name === 'perch:bundled'),
  );
  expect(bundled.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['jssip', 'svelte', 'workbox-window']),
  );
  expect(listed).not.toContain('eslint');
  expect(listed).not.toContain('vite');
});

test('the licences of all that is shipped come with it', () => {
  const text = readFileSync(join(installation(), 'perch/THIRD-PARTY-LICENSES.txt'), 'utf8');
  const { components } = readJson(join(installation(), 'perch/sbom.cdx.json')) as Bom;
  for (const { name, version } of components) expect(text).toContain(`\n${name} ${version}: `);
  expect(text).toMatch(/^jssip \S+: MIT \(bundled into the pages\)\n\n[^-]*Copyright/m);
});

test('the release stays within its size limit', () => {
  expect(bytesOf(installation())).toBeLessThan(LIMIT_BYTES);
});

interface Bom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: { readonly purl: string } };
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly purl: string;
    readonly hashes: readonly { readonly content: string }[];
    readonly licenses: readonly { readonly license: { readonly id?: string } }[];
    readonly properties: readonly { readonly name: string }[];
  }[];
}

type Packages = Readonly<Record<string, { readonly version?: string; readonly dev?: boolean }>>;

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** The `node_modules` in which npx has put the release. */
function installation(): string {
  const [name = ''] = readdirSync(join(cache, '_npx'));
  return join(cache, '_npx', name, 'node_modules');
}

/** The environment of someone who has never heard of this repository, with the Node that runs the tests. */
function outside(): NodeJS.ProcessEnv {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((entry) => !entry.startsWith(REPOSITORY));
  const ours =
    /^(npm_(lifecycle|package)_|npm_config_(local_prefix|workspace)|INIT_CWD$|PERCH_|NODE_(?!EXTRA_CA_CERTS)|VITEST)/;
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name))),
    PATH: [dirname(process.execPath), ...path].join(delimiter),
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  let output = '';
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  for await (const text of child.stdout?.setEncoding('utf8') ?? []) {
    output += String(text);
    if (output.includes('\n')) return output.slice(0, output.indexOf('\n'));
  }
  throw new Error(`npx ended before Perch listened:\n${errors}${output}`);
}

function bytesOf(path: string): number {
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
