import { expect, test } from 'vitest';
import { NOBODYS_HASH, slowHash, slowVerify } from '../src/management/slow-hash.ts';
import { systemWorld } from '../src/world/world.ts';

// Here, as unit tests hash at the least cost.
test('a secret is hashed at the cost that OWASP recommends for Argon2id, and so is what a secret of nobody is checked against', async () => {
  const hashed = await slowHash('2705', systemWorld.chance);
  expect(hashed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  const costOf = (hash: string) => hash.split('$').map((part, index) => (index > 3 ? part.length : part));
  expect(costOf(NOBODYS_HASH)).toEqual(costOf(hashed));
  expect(await slowVerify(undefined, '2705')).toBe(false);
  expect(await slowVerify(hashed, '2706')).toBe(false);
  expect(await slowVerify(hashed, '2705')).toBe(true);
});
