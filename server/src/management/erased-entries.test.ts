import { type AuditEntry, ERASURE_DEED, organizationId } from '@perch/shared';
import { expect, test } from 'vitest';
import { VirtualClock } from '../world/virtual-clock.ts';
import { Audit, entryAfter, erasedSeal } from './audit.ts';
import { type ErasedEntry, factsOfErasure } from './erased-entries.ts';
import type { AuditRepository } from './audit-repository.ts';

const OURS = organizationId('o');

/** Three entries, of which the second has lost its name by the fourth. */
function erasedOnce() {
  const entries: AuditEntry[] = [];
  const add = (given: Partial<AuditEntry>) =>
    entries.push(
      entryAfter(entries.at(-1), OURS, 10, {
        ...{ who: 'ada@demo.test', address: '192.0.2.1', action: 'signIn', about: null, result: 'done' },
        ...{ before: null, after: null, ...given },
      }),
    );
  for (let count = 0; count < 3; count++) add({});
  const second = entries[1];
  if (!second) throw new Error('there are three');
  const erased = { ...second, who: 'Erased person', address: null };
  entries[1] = erased;
  const change = { position: 2, erasure: 4, seal: erasedSeal(OURS, erased) };
  add({ who: 'Perch', action: ERASURE_DEED, after: factsOfErasure([change]) });
  add({});
  return { entries, changes: [change] };
}

function checked(entries: readonly AuditEntry[], changes: readonly ErasedEntry[]) {
  const repository: Partial<AuditRepository> = {
    head: async () => entries.at(-1),
    forgotten: async () => undefined,
    erased: async () => changes,
    readOn: async (_, after, limit) => entries.slice(after, after + limit),
  };
  return new Audit(repository as AuditRepository, new VirtualClock(1)).check(OURS);
}

test('a chain of which an entry has been erased is whole', async () => {
  const { entries, changes } = erasedOnce();
  expect(await checked(entries, changes)).toMatchObject({ entries: 5, brokenAt: null });
});

const altered = (entries: readonly AuditEntry[], position: number, given: Partial<AuditEntry>) =>
  entries.map((entry) => (entry.position === position ? { ...entry, ...given } : entry));

test.for<
  [string, number, (known: ReturnType<typeof erasedOnce>) => [readonly AuditEntry[], readonly ErasedEntry[]]]
>([
  [
    'an erased entry is altered again',
    2,
    ({ entries, changes }) => [altered(entries, 2, { who: 'eve' }), changes],
  ],
  [
    'its seal is replaced',
    3,
    ({ entries }) => [
      altered(entries, 2, { seal: 'x' }),
      [{ position: 2, erasure: 4, seal: erasedSeal(OURS, { ...(entries[1] as AuditEntry), seal: 'x' }) }],
    ],
  ],
  [
    'what an erased entry says is sealed anew',
    4,
    ({ entries }) => {
      const forged = altered(entries, 2, { who: 'eve' });
      return [forged, [{ position: 2, erasure: 4, seal: erasedSeal(OURS, forged[1] as AuditEntry) }]];
    },
  ],
  [
    'another entry is altered in the name of the erasure',
    4,
    ({ entries, changes }) => {
      const forged = altered(entries, 1, { who: 'eve' });
      return [
        forged,
        [{ position: 1, erasure: 4, seal: erasedSeal(OURS, forged[0] as AuditEntry) }, ...changes],
      ];
    },
  ],
  [
    'another entry is altered in the name of one that is no erasure',
    3,
    ({ entries, changes }) => {
      const forged = altered(entries, 3, { who: 'eve' });
      return [
        forged,
        [...changes, { position: 3, erasure: 5, seal: erasedSeal(OURS, forged[2] as AuditEntry) }],
      ];
    },
  ],
  ['it is forgotten that it was erased', 2, ({ entries }) => [entries, []]],
])('it shows where %s', async ([, brokenAt, tamper]) => {
  expect(await checked(...tamper(erasedOnce()))).toMatchObject({ brokenAt });
});
