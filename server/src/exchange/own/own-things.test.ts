import { extensionId, organizationId } from '@perch/shared';
import { expect, test } from 'vitest';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { MemoryDirectory } from '../directory.ts';
import { OwnThings } from './own-things.ts';
import { FakeOwnStore } from './support/fake-own-store.ts';

test('nobody has looked at what is still to come', async () => {
  const [clock, store, ben] = [new VirtualClock(), new FakeOwnStore(), extensionId('ben')];
  const organization = { id: organizationId('o'), name: 'Demo', domain: 'demo.test', emergencyNumbers: [] };
  const directory = new MemoryDirectory(organization);
  const things = await OwnThings.open({ directory, store, clock, happened: () => undefined });
  await things.see(ben, clock.now() + 60_000);
  expect((await store.load()).map(({ seenUntil }) => seenUntil)).toEqual([clock.now()]);
});
