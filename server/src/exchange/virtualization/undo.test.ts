import { extensionId } from '@perch/shared';
import { expect, test } from 'vitest';
import { phone, TestOrganization } from './support/organization.ts';
import { UNDO_WINDOW_MS } from './undo.ts';

/** A on B, then a second later the change, done on B's phone. */
function after(change: (organization: TestOrganization) => unknown): TestOrganization {
  const organization = new TestOrganization();
  organization.move('101', 'B');
  organization.now += 1_000;
  change(organization);
  return organization;
}

test.for<readonly [string, (organization: TestOrganization) => unknown, string]>([
  ['another guest', (o) => o.move('103', 'B'), 'C on B'],
])('undo restores exactly what was before %s', ([, change, present]) => {
  const organization = after(change);
  expect(organization.present).toBe(present);
  organization.now += UNDO_WINDOW_MS - 1;
  expect(organization.undo('B')).toBe('undone');
  expect([...organization.state.virtualizations]).toEqual([
    { virtual: 'A', base: 'B', since: 1_000_000, by: 'dialled' },
  ]);
  expect(organization.records.at(-1)).toMatchObject({
    action: 'undo',
    way: 'web',
    terminal: phone('B'),
    result: 'accepted',
  });
});

test.for<readonly [string, (organization: TestOrganization) => unknown]>([
  ['*30', (o) => o.return('B')],
  ['the owner’s claim', (o) => o.move('102', 'B')],
])('an extension that left by %s comes back only with its code', ([, change]) => {
  const organization = after(change);
  expect(organization.undo('B')).toBe('nothing-to-undo');
  expect(organization.present).toBe('');
});

test('an owner who came back by *30 can go where they were', () => {
  const organization = after((o) => o.return('A'));
  expect(organization.present).toBe('');
  expect(organization.undo('A')).toBe('undone');
  expect(organization.present).toBe('A on B');
});

test('undo removes a first guest again, and says what it ended', () => {
  const organization = new TestOrganization();
  organization.move('101', 'B');
  expect(organization.undo('B')).toBe('undone');
  expect(organization.present).toBe('');
  expect(organization.records.at(-1)).toMatchObject({
    extension: 'A',
    previousGuest: 'A',
    endings: [{ virtualization: { virtual: 'A', base: 'B' }, endedBy: 'undone' }],
  });
});

test('undo brings the guest back to the terminal that it came from', () => {
  const organization = after((o) => o.move('101', 'C'));
  expect(organization.undo('B')).toBe('nothing-to-undo');
  expect(organization.undo('C')).toBe('undone');
  expect(organization.present).toBe('A on B');
});

test.for<readonly [string, (organization: TestOrganization) => unknown]>([
  ['30 s are over', (o) => (o.now += UNDO_WINDOW_MS)],
  ['it was undone already', (o) => o.undo('B')],
  ['the new guest moved on', (o) => o.move('103', 'D')],
  ['the guest before sat elsewhere, and is home again', (o) => (o.move('101', 'D'), o.return('D'))],
  ['the guest before sits elsewhere', (o) => o.move('101', 'D')],
  ['a guest is on the phone of the previous guest', (o) => o.move('104', 'A')],
  ['the owner moved away', (o) => o.move('102', 'D')],
  [
    'the guest before is suspended',
    (o) => o.take({ kind: 'suspended', at: o.now, extension: extensionId('A'), who: null }),
  ],
  [
    'the base allows no guests any more',
    (o) =>
      o.take({ kind: 'disallowed', at: o.now, extension: extensionId('B'), presentGuest: 'stay', who: null }),
  ],
])('nothing to undo once %s', ([, change]) => {
  const organization = after((o) => o.move('103', 'B'));
  change(organization);
  const before = organization.present;
  expect(organization.undo('B')).toBe('nothing-to-undo');
  expect(organization.present).toBe(before);
  expect(organization.records.at(-1)).toMatchObject({ action: 'undo', result: 'nothing-to-do' });
});

test('what others do elsewhere leaves undo alone', () => {
  const organization = after((o) => o.move('103', 'B'));
  organization.move('104', 'E');
  organization.enter('wrong', '101', 'B');
  expect(organization.undo('B')).toBe('undone');
  expect(organization.present).toBe('A on B, D on E');
});

test('an administrator’s act cannot be undone on the terminal', () => {
  const organization = after((o) =>
    o.take({
      kind: 'return-to-base',
      at: o.now,
      extension: extensionId('A'),
      way: 'administrator',
      who: 'boss',
      left: phone('B'),
    }),
  );
  expect(organization.undo('B')).toBe('nothing-to-undo');
});
