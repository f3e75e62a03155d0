import { beforeEach, expect, test } from 'vitest';
import { MemoryAccounts } from '../../accounts.ts';
import { createManagement, type Management } from '../../management/management.ts';
import type { StoredPerson } from '../../management/repositories.ts';
import { Refusal, RefusedPerson } from '../../management/refusal.ts';
import { FakeExchanges } from '../../management/support/fake-exchanges.ts';
import { FakeRepositories } from '../../management/support/fake-repositories.ts';
import { seededChance } from '../../world/seeded-chance.ts';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { RefusedSignIns } from './refused-sign-ins.ts';

const BOSS = 'boss@demo.test';
const EVE = 'eve@second.test';
const WRONG = new Refusal('wrong-credentials', 'Wrong.');
const ADDRESS = '192.0.2.7';

let clock: VirtualClock;
let management: Management;
let refused: RefusedSignIns;
let boss: StoredPerson;
let eve: StoredPerson;

beforeEach(async () => {
  clock = new VirtualClock(1);
  const repositories = new FakeRepositories();
  const chance = seededChance('refused-sign-ins');
  management = createManagement({
    ...repositories,
    accounts: new MemoryAccounts(() => undefined),
    exchanges: new FakeExchanges(repositories.book, chance),
    canMail: false,
    world: { clock, chance },
  });
  const create = async (domain: string, email: string, ...roles: StoredPerson['roles']) => {
    const created = await management.organizations.create(
      { name: domain, domain, emergencyNumbers: [] },
      { email, passwordHash: null, roles },
    );
    if (created instanceof Refusal) throw new Error(created.detail);
    return created;
  };
  boss = await create('demo.test', BOSS, 'operator', 'administrator');
  eve = await create('second.test', EVE, 'administrator');
  refused = new RefusedSignIns(management, clock, (error) => {
    throw error;
  });
});

const notedAt = async ({ organization }: StoredPerson) =>
  (await management.audit.read(organization, {}, 100)).entries.map(
    ({ who, address, result, after }) =>
      `${who} ${address} ${result}${after ? ` ${JSON.stringify(after)}` : ''}`,
  );

test('a refused try is noted with its people; one with an address that nobody has, where the operators are', async () => {
  refused.note(EVE, ADDRESS, WRONG);
  refused.note('nobody@demo.test', ADDRESS, new Refusal('too-many-requests', 'Wait.'));
  await clock.advance(0);
  expect(await notedAt(eve)).toEqual([`${EVE} ${ADDRESS} wrong-credentials`]);
  expect(await notedAt(boss)).toEqual([`nobody@demo.test ${ADDRESS} too-many-requests`]);
});

test('of a person who is known, no other organization is told, though somebody has the same address there', async () => {
  const there = await management.people.invite(boss, {
    email: EVE,
    roles: ['supervisor'],
    extension: null,
    groups: null,
  });
  if (there instanceof Refusal) throw new Error(there.detail);
  refused.note(EVE, ADDRESS, new RefusedPerson(eve, new Refusal('second-factor-needed', 'A code, please.')));
  await clock.advance(0);
  expect(await notedAt(eve)).toEqual([`${EVE} ${ADDRESS} second-factor-needed`]);
  expect(await notedAt(boss)).toEqual([]);
});

test('strangers cannot fill the audit: beyond 30 a minute there is their number; each organization has its own', async () => {
  for (let count = 0; count < 100; count++) refused.note(`${count}@demo.test`, ADDRESS, WRONG);
  refused.note(EVE, ADDRESS, WRONG);
  await clock.advance(59_999);
  expect(await notedAt(boss)).toHaveLength(30);
  expect(await notedAt(eve)).toHaveLength(1);
  await clock.advance(1);
  expect((await notedAt(boss))[0]).toBe(' null too-many-requests {"attempts":70}');
  expect(await notedAt(eve)).toHaveLength(1);
  refused.note('later@demo.test', ADDRESS, WRONG);
  await clock.advance(60_000);
  expect((await notedAt(boss))[0]).toBe(`later@demo.test ${ADDRESS} wrong-credentials`);
});
