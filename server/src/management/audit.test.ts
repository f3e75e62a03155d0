import { type AuditEntry, organizationId } from '@perch/shared';
import { expect, test } from 'vitest';
import { VirtualClock } from '../world/virtual-clock.ts';
import { Audit, difference, type Noted } from './audit.ts';
import type { AuditRepository } from './audit-repository.ts';
import { FakeRepositories } from './support/fake-repositories.ts';

const OURS = organizationId('o');
const noted: Noted = {
  ...{ who: 'boss@demo.test', address: '192.0.2.7', action: 'changeExtension', about: '101', result: 'done' },
  ...{ before: { name: 'Ada', suspended: false }, after: { name: 'Ada L.', suspended: false } },
};

async function withEntries(count: number) {
  const { audit: repository } = new FakeRepositories();
  const clock = new VirtualClock(1);
  const audit = new Audit(repository, clock);
  for (let index = 0; index < count; index++) {
    await clock.advance(1);
    await audit.note(OURS, { ...noted, about: String(index) });
  }
  return { repository, audit };
}

/** As if somebody had written into the file what `tamper` makes of its entries. */
function tampered(repository: AuditRepository, tamper: (entries: AuditEntry[]) => AuditEntry[]): Audit {
  const readOn: AuditRepository['readOn'] = async (organization, after, limit) => {
    const entries = tamper([...(await repository.readOn(organization, 0, Infinity))]);
    return entries.filter(({ position }) => position > after).slice(0, limit);
  };
  return new Audit({ ...repository, readOn }, new VirtualClock(1));
}

test('entries that nobody has touched are whole', async () => {
  for (const count of [0, 1, 499, 500, 501]) {
    const { audit, repository } = await withEntries(count);
    const seal = (await repository.head(OURS))?.seal ?? null;
    expect(await audit.check(OURS)).toEqual({ entries: count, forgottenThrough: 0, seal, brokenAt: null });
  }
});

test.for([
  ['removed', 3, (all) => all.filter(({ position }) => position !== 3)],
  [
    'removed and the rest moved up',
    3,
    (all) => all.filter(({ position }) => position !== 3).map((one, at) => ({ ...one, position: at + 1 })),
  ],
  ['the first removed', 1, (all) => all.slice(1)],
  ['the last removed', 5, (all) => all.slice(0, -1)],
  ['all removed', 1, () => []],
  ['another person', 2, (all) => all.map((one) => (one.position === 2 ? { ...one, who: 'eve' } : one))],
  ['another time', 2, (all) => all.map((one) => (one.position === 2 ? { ...one, at: 0 } : one))],
  [
    'another value',
    4,
    (all) => all.map((one) => (one.position === 4 ? { ...one, after: { name: 'Eve' } } : one)),
  ],
  [
    'exchanged',
    2,
    (all) => all.map((one, at) => ({ ...(all[[0, 2, 1, 3, 4][at] ?? 0] ?? one), position: at + 1 })),
  ],
] as const satisfies readonly (readonly [string, number, (all: AuditEntry[]) => AuditEntry[]])[])(
  'an entry %s shows at %i',
  async ([, position, tamper]) => {
    const { repository } = await withEntries(5);
    expect(await tampered(repository, tamper).check(OURS)).toMatchObject({ brokenAt: position });
  },
);

test('a page leads to the next, and all of them have each entry once, the latest first', async () => {
  const { audit } = await withEntries(1_203);
  const first = await audit.read(OURS, {}, 2);
  expect([first.entries.map(({ about }) => about), first.next]).toEqual([['1202', '1201'], 1202]);
  expect((await audit.read(OURS, {}, 2, 3)).next).toBeNull();
  const all: string[] = [];
  for await (const { about } of audit.all(OURS, {})) all.push(about ?? '');
  expect(all).toEqual(Array.from({ length: 1_203 }, (_, index) => String(1_202 - index)));
});

test('of two states, what is different', () => {
  const before = { name: 'Ada', roles: ['owner'], suspended: false };
  expect(difference(before, { ...before, name: 'Ben', roles: ['owner'] })).toEqual({
    before: { name: 'Ada' },
    after: { name: 'Ben' },
  });
  expect(difference(before, null)).toEqual({ before, after: null });
});
