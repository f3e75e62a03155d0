import { expect, test } from 'vitest';
import { pinned, shrinkwrapped } from './shrinkwrap.ts';

const workspaces = ['server', 'shared'];

test('packages that the workspaces need are kept, others are not', () => {
  const locked = {
    server: { dependencies: { ws: '^8', '@perch/shared': '0.1.0' } },
    shared: { dependencies: { zod: '^4' } },
    'node_modules/@perch/shared': { link: true },
    'node_modules/eslint': { version: '10.0.0', dev: true },
    'node_modules/utf-8': { version: '1.0.0' },
    'node_modules/ws': { version: '8.1.0', dependencies: { 'utf-8': '^1' } },
    'node_modules/zod': { version: '4.2.0' },
  };
  const shrinkwrap = shrinkwrapped(locked, workspaces);
  expect(Object.keys(shrinkwrap)).toEqual(['node_modules/utf-8', 'node_modules/ws', 'node_modules/zod']);
  expect(pinned(shrinkwrap)).toEqual({ 'utf-8': '1.0.0', ws: '8.1.0', zod: '4.2.0' });
});

test('a package that was nested only because of the tools moves to the root; a second version stays beside the one that needs it', () => {
  const locked = {
    server: { dependencies: { fastify: '^5', schema: '^1' } },
    'node_modules/fastify': { version: '5.0.0', dependencies: { ajv: '^8', uri: '^4' } },
    'node_modules/ajv': { version: '6.0.0', dev: true },
    'node_modules/fastify/node_modules/ajv': { version: '8.0.0', dependencies: { uri: '^3' } },
    'node_modules/fastify/node_modules/ajv/node_modules/uri': { version: '3.0.0' },
    'node_modules/schema': { version: '1.0.0', dependencies: { ajv: '^8' } },
    'node_modules/schema/node_modules/ajv': { version: '8.0.0', dependencies: { uri: '^3' } },
    'node_modules/schema/node_modules/uri': { version: '3.0.0' },
    'node_modules/uri': { version: '4.0.0' },
  };
  const shrinkwrap = shrinkwrapped(locked, ['server']);
  expect(Object.entries(shrinkwrap).map(([place, { version }]) => [place, version])).toEqual([
    ['node_modules/ajv', '8.0.0'],
    ['node_modules/ajv/node_modules/uri', '3.0.0'],
    ['node_modules/fastify', '5.0.0'],
    ['node_modules/schema', '1.0.0'],
    ['node_modules/uri', '4.0.0'],
  ]);
});

test('the packages of all platforms are kept, and left to the package that chooses among them', () => {
  const locked = {
    server: { dependencies: { argon2: '^2' } },
    'node_modules/argon2': { version: '2.0.0', optionalDependencies: { 'argon2-linux': '2.0.0', gone: '1' } },
    'node_modules/argon2-linux': { version: '2.0.0', optional: true },
  };
  const shrinkwrap = shrinkwrapped(locked, ['server']);
  expect(Object.keys(shrinkwrap)).toContain('node_modules/argon2-linux');
  expect(pinned(shrinkwrap)).toEqual({ argon2: '2.0.0' });
});

test('a peer that is needed is kept, one that is not is left out', () => {
  const locked = {
    server: { dependencies: { schema: '^1' } },
    'node_modules/schema': {
      version: '1.0.0',
      peerDependencies: { openapi: '^3', typescript: '^6' },
      peerDependenciesMeta: { typescript: { optional: true } },
    },
    'node_modules/openapi': { version: '3.0.0' },
    'node_modules/typescript': { version: '6.0.0' },
  };
  expect(Object.keys(shrinkwrapped(locked, ['server']))).toEqual([
    'node_modules/openapi',
    'node_modules/schema',
  ]);
});
