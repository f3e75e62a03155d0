import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { organizationId } from '@perch/shared';
import { expect, test } from 'vitest';
import { storedCall } from './calls/support/calls.ts';
import { openStorage } from './open-storage.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { systemWorld } from '../../world/world.ts';

/** Stores what it is told to, says so, and waits to be killed. */
const victim = `
  import { openStorage } from ${JSON.stringify(new URL('./open-storage.ts', import.meta.url).href)};
  import { systemWorld } from ${JSON.stringify(new URL('../../world/world.ts', import.meta.url).href)};
  const [folder, call] = process.argv.slice(1);
  const storage = await openStorage(folder, systemWorld, () => process.exit(1));
  const organization = { id: 'o', name: 'Demo', domain: 'demo.test', emergencyNumbers: [] };
  const person = { id: 'a', organization: 'o', email: 'a@b.c', passwordHash: '', roles: [], extension: null, groups: null };
  await storage.organizations.create(organization, person);
  await storage.calls('o').save(JSON.parse(call));
  console.log('stored');
  setInterval(() => undefined, 1000);
`;

test('committed changes are there after a real kill -9, and the folder is free', async () => {
  const folder = scratchFolder();
  const call = storedCall('one');
  const child = spawn(process.execPath, ['--input-type=module', '-e', victim, folder, JSON.stringify(call)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  expect(line).toBe('stored');
  child.kill('SIGKILL');
  await once(child, 'exit');

  const storage = await openStorage(folder, systemWorld, () => undefined);
  expect(await storage.organizations.all()).toHaveLength(1);
  expect(await storage.calls(organizationId('o')).load()).toEqual([call]);
  await storage.close();
  rmSync(folder, { recursive: true });
}, 30_000);
