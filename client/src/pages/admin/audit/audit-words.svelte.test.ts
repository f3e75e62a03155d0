import type { AuditEntry } from '@perch/shared';
import { expect, test } from 'vitest';
import { m } from '../../../words/messages.svelte.ts';
import { deedInWords, deedsInList, differenceInWords, resultInWords } from './audit-words.ts';
import { rolesInWords } from '../people/role-words.ts';

const entry: AuditEntry = {
  ...{ position: 1, at: 0, who: 'boss@demo.test', address: null, action: 'changeExtension', about: '101' },
  ...{ result: 'done', before: null, after: null, seal: '' },
};

test('what was done is said in words, and so is what nobody has words for yet', () => {
  expect(deedInWords(entry)).toBe(m.deed_change_extension({ about: '101' }));
  expect(deedInWords({ ...entry, action: 'toString' })).toBe(m.deed_other({ action: 'toString' }));
});

test.each([
  [
    { name: 'Ada', group: null },
    { name: 'Ada L.', group: 'Sales' },
    ['Name: Ada → Ada L.', 'Group: none → Sales'],
  ],
  [null, { roles: ['owner'], extension: '101', groups: null }, ['Role: Extension owner', 'Extension: 101']],
  [{ name: 'Ada', suspended: false }, null, ['Name: Ada']],
  [{ hasSecretCode: false }, { hasSecretCode: true }, ['Secret code: no → yes']],
  [null, { unheardOf: 7 }, ['unheardOf: 7']],
  [{}, { movedTo: '201' }, ['Moved to: 201']],
  [null, null, []],
])('%j that became %j', (before, after, words) => {
  expect(differenceInWords({ ...entry, before, after })).toEqual(words);
});

test('why something was refused', () => {
  expect(resultInWords({ ...entry, result: 'forbidden' })).toBe(m.result_forbidden());
  expect(resultInWords({ ...entry, result: 'weak-code' })).toContain('weak-code');
});

test('a supervisor of some groups is not called one of all', () => {
  const roles = ['supervisor'] as const;
  expect(rolesInWords({ roles: [...roles], groups: ['Sales'] })).toBe('Supervisor of Sales');
  expect(rolesInWords({ roles: [...roles], groups: null })).toBe('Supervisor');
});

test('what can be looked for has each name once, and every deed', () => {
  const deeds = deedsInList();
  expect(new Set(deeds.map(({ label }) => label)).size).toBe(deeds.length);
  expect(deeds.find(({ label }) => label === m.deed_set_secret_code({ about: '…' }))?.value).toBe(
    'setSecretCode,setOwnSecretCode',
  );
});
