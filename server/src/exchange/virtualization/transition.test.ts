import { extensionId } from '@perch/shared';
import { expect, test } from 'vitest';
import { home, phone, TestOrganization } from './support/organization.ts';

const [A, B, C] = ['A', 'B', 'C'].map(extensionId);
if (!A || !B || !C) throw new Error('no extensions');

test.for<readonly [string, readonly (readonly [string, string])[], string, string, string, string]>([
  // [case, moves before, number, on whose phone, answer, present afterwards]
  ['a free terminal asks for the code', [], '101', 'B', 'code-needed', ''],
  ['an unknown number is asked for a code, too', [], '999', 'B', 'code-needed', ''],
  ['the guest already there', [['101', 'B']], '101', 'B', 'already-here', 'A on B'],
  ['another guest is asked for the code', [['101', 'B']], '103', 'B', 'code-needed', 'A on B'],
  ['the owner, home already', [], '102', 'B', 'already-here', ''],
  ['the owner ends the guest’s stay', [['101', 'B']], '102', 'B', 'claimed', ''],
  ['the owner comes back from elsewhere', [['102', 'C']], '102', 'B', 'claimed', ''],
  [
    'the owner does both at once',
    [
      ['101', 'B'],
      ['102', 'C'],
    ],
    '102',
    'B',
    'claimed',
    '',
  ],
  [
    'the owner leaves other guests alone',
    [
      ['101', 'B'],
      ['103', 'D'],
    ],
    '102',
    'B',
    'claimed',
    'C on D',
  ],
  ['not allowed: denied before any code', [], '101', 'X', 'not-allowed', ''],
  ['not allowed: an unknown number, too', [], '999', 'X', 'not-allowed', ''],
  ['not allowed: the owner’s own number still works', [['124', 'B']], '124', 'X', 'claimed', ''],
])('*30<number> before the code: %s', ([, moves, number, on, answer, present]) => {
  const organization = new TestOrganization();
  organization.disallowed.add('X');
  for (const [who, where] of moves) organization.move(who, where);
  expect(organization.dial(number, on)).toBe(answer);
  expect(organization.present).toBe(present);
});

test.for<readonly [string, readonly (readonly [string, string])[], string, string, string]>([
  ['onto a free terminal', [], '101', 'B', 'A on B'],
  ['on to another terminal', [['101', 'B']], '101', 'C', 'A on C'],
  ['onto an occupied terminal: the guest goes home', [['101', 'B']], '103', 'B', 'C on B'],
  [
    'from one to another that is occupied',
    [
      ['101', 'B'],
      ['103', 'D'],
    ],
    '101',
    'D',
    'A on D',
  ],
  [
    'a guest on the returning guest’s own phone stays',
    [
      ['101', 'B'],
      ['104', 'A'],
    ],
    '103',
    'B',
    'C on B, D on A',
  ],
  ['a guest on the moved extension’s phone stays', [['104', 'A']], '101', 'B', 'A on B, D on A'],
  ['a swap', [['101', 'B']], '102', 'A', 'A on B, B on A'],
])('a right code moves: %s', ([, moves, number, on, present]) => {
  const organization = new TestOrganization();
  for (const [who, where] of moves) organization.move(who, where);
  expect(organization.enter('right', number, on)).toBe('accepted');
  expect(organization.present).toBe(present);
});

test('a move is stored in one piece: what ends, what begins, and its record', () => {
  const organization = new TestOrganization();
  organization.move('101', 'B');
  organization.now += 1;
  organization.move('103', 'D');
  organization.now += 1;
  organization.move('101', 'D');
  const stored = organization.effects.filter((effect) => effect.kind === 'store');
  expect(stored).toHaveLength(1);
  expect(stored[0]?.stored).toMatchObject({
    ended: [
      { virtual: 'A', base: 'B' },
      { virtual: 'C', base: 'D' },
    ],
    begun: [{ virtual: 'A', base: 'D', since: organization.now, by: 'dialled' }],
    record: {
      action: 'move',
      way: 'dialled',
      terminal: phone('D'),
      asked: '101',
      extension: 'A',
      previousGuest: 'C',
      result: 'accepted',
      endings: [
        { virtualization: { virtual: 'A', base: 'B' }, endedBy: 'moved-on' },
        { virtualization: { virtual: 'C', base: 'D' }, endedBy: 'replaced' },
      ],
    },
  });
});

test.for([
  ['a wrong code', 'wrong', '101', 'B', 'wrong-code', 'wrong-code', 'A'],
  ['an unknown number', 'wrong', '999', 'B', 'wrong-code', 'no-such-extension', null],
  ['an unknown number, whatever the hash says', 'right', '999', 'B', 'wrong-code', 'no-such-extension', null],
  ['virtualization switched off meanwhile', 'right', '101', 'X', 'not-allowed', 'not-allowed', 'A'],
] as const)('refused and recorded: %s', ([, code, number, on, answer, result, extension]) => {
  const organization = new TestOrganization();
  organization.disallowed.add('X');
  expect(organization.enter(code, number, on)).toBe(answer);
  expect(organization.present).toBe('');
  expect(organization.records).toEqual([
    expect.objectContaining({
      action: 'move',
      asked: number,
      terminal: phone(on),
      result,
      extension,
      endings: [],
    }),
  ]);
});

test.for<readonly [string, readonly (readonly [string, string])[], string, string, string, string]>([
  ['the guest goes home', [['101', 'B']], 'B', 'returned', 'A', ''],
  ['the owner comes home', [['101', 'B']], 'A', 'returned', 'A', ''],
  [
    'first the guest',
    [
      ['101', 'B'],
      ['102', 'C'],
    ],
    'B',
    'returned',
    'A',
    'B on C',
  ],
  [
    'only that guest',
    [
      ['101', 'B'],
      ['103', 'D'],
    ],
    'B',
    'returned',
    'A',
    'C on D',
  ],
  ['nothing to return', [['101', 'B']], 'C', 'nothing-to-return', '', 'A on B'],
])('*30 alone: %s', ([, moves, on, answer, extension, present]) => {
  const organization = new TestOrganization();
  for (const [who, where] of moves) organization.move(who, where);
  expect(organization.return(on)).toBe(answer);
  expect(organization.present).toBe(present);
  expect(organization.records.at(-1)).toMatchObject({
    action: 'return',
    way: 'dialled',
    terminal: phone(on),
    extension: extension === '' ? null : extension,
    result: extension === '' ? 'nothing-to-do' : 'accepted',
  });
});

test('*30 twice on the middle of a chain unwinds it', () => {
  const organization = new TestOrganization();
  organization.move('101', 'B');
  organization.move('102', 'C');
  expect(organization.return('B')).toBe('returned');
  expect(organization.present).toBe('B on C');
  expect(organization.return('B')).toBe('returned');
  expect(organization.present).toBe('');
  expect(organization.return('B')).toBe('nothing-to-return');
});

test('Return to base ends the extension’s stay, and says who ended it', () => {
  const organization = new TestOrganization();
  organization.move('101', 'B');
  const about = { at: 5, extension: A, way: 'administrator', who: 'boss', left: phone('B') } as const;
  const asked = { kind: 'return-to-base', ...about } as const;
  expect(organization.take(asked)).toBe('returned');
  expect(organization.present).toBe('');
  expect(organization.records.at(-1)).toEqual({
    at: 5,
    action: 'return',
    way: 'administrator',
    who: 'boss',
    terminal: null,
    asked: null,
    extension: 'A',
    previousGuest: null,
    result: 'accepted',
    endings: [
      { virtualization: { virtual: 'A', base: 'B', since: 1_000_000, by: 'dialled' }, endedBy: 'returned' },
    ],
  });
  expect(organization.take(asked)).toBe('not-virtual');
});

test('an extension is sent to a terminal by those who manage the floor, without its code, and nobody is put out', () => {
  const organization = new TestOrganization();
  organization.move('101', 'B');
  expect(organization.send('A', 'C')).toBe('accepted');
  expect(organization.present).toBe('A on C');
  expect(organization.records.at(-1)).toMatchObject({
    ...{ action: 'move', way: 'administrator', who: 'boss', terminal: phone('C'), asked: null },
    ...{ extension: 'A', result: 'accepted', endings: [{ endedBy: 'moved-on' }] },
  });
  const { undoable } = organization.state;
  for (const shown of ['B', 'C'])
    expect(undoable.get(phone(shown))).toMatchObject({ who: 'boss', canUndo: false });
  expect(organization.undo('C')).toBe('nothing-to-undo');

  expect(organization.send('A', 'C')).toBe('already-here');
  expect(organization.send('D', 'C')).toBe('occupied');
  expect(organization.send('A', 'A')).toBe('not-allowed');
  organization.disallowed.add('E');
  expect(organization.send('A', 'E')).toBe('not-allowed');
  expect(organization.present).toBe('A on C');
});

test.for([
  ['suspended', 'suspend'],
  ['deleted', 'delete'],
] as const)('an extension that is %s leaves, and so does its guest', ([kind, action]) => {
  const organization = new TestOrganization();
  organization.move('101', 'B');
  organization.move('102', 'C');
  organization.move('104', 'E');
  expect(organization.take({ kind, at: 5, extension: B, terminal: phone('B'), who: 'boss' })).toBe('done');
  expect(organization.present).toBe('D on E');
  expect(organization.records.at(-1)).toMatchObject({
    action,
    way: 'administrator',
    who: 'boss',
    extension: 'B',
    endings: [
      { virtualization: { virtual: 'B', base: 'C' }, endedBy: kind },
      { virtualization: { virtual: 'A', base: 'B' }, endedBy: kind },
    ],
  });
});

test.for([
  ['return', ''],
  ['stay', 'A on B'],
] as const)('virtualization switched off: a present guest may %s', ([presentGuest, present]) => {
  const organization = new TestOrganization();
  organization.move('101', 'B');
  organization.take({ kind: 'disallowed', at: 5, extension: B, presentGuest, who: 'boss' });
  expect(organization.present).toBe(present);
  expect(organization.records.at(-1)).toMatchObject({ action: 'disallow', extension: 'B', who: 'boss' });
});

test('a replaced code does not end the virtualization, and is recorded', () => {
  const organization = new TestOrganization();
  organization.move('101', 'B');
  organization.take({ kind: 'code-replaced', at: 5, extension: A, who: 'boss' });
  expect(organization.present).toBe('A on B');
  expect(organization.records.at(-1)).toMatchObject({ action: 'replace-code', extension: 'A' });
});

test('a visit that moved nothing is recorded', () => {
  const organization = new TestOrganization();
  const visit = { at: 5, ...home('B'), allowed: true, asked: '101', target: A, way: 'dialled' } as const;
  organization.take({ kind: 'visit-dropped', ...visit });
  expect(organization.records.at(-1)).toMatchObject({ asked: '101', extension: 'A', result: 'dropped' });
});

test.for<readonly [string, string, (organization: TestOrganization) => string]>([
  ['a move onto it', 'B', (o) => o.enter('right', '103', 'B')],
  ['its guest’s move elsewhere', 'B', (o) => o.enter('right', '101', 'C')],
  ['a move away of whose home it is', 'C', (o) => o.enter('right', '103', 'D')],
  ['its guest’s return', 'B', (o) => o.return('B')],
  ['its guest’s return, from home', 'B', (o) => o.return('A')],
  ['the owner’s claim', 'B', (o) => o.dial('102', 'B')],
  [
    'the guest’s Return to base',
    'B',
    (o) => o.take({ kind: 'return-to-base', at: 5, extension: A, way: 'web', who: null, left: phone('B') }),
  ],
  ['the guest’s suspension', 'B', (o) => o.take({ kind: 'suspended', at: 5, extension: A, who: null })],
  [
    'the owner’s deletion',
    'B',
    (o) => o.take({ kind: 'deleted', at: 5, extension: B, terminal: phone('B'), who: null }),
  ],
  ['its guest being sent elsewhere', 'B', (o) => o.send('A', 'C')],
  ['a guest being sent there', 'C', (o) => o.send('A', 'C')],
  ['an undo', 'B', (o) => o.undo('B')],
])('an emergency call on a terminal holds up %s', ([, on, change]) => {
  const organization = new TestOrganization();
  organization.move('101', 'B');
  const before = organization.state;
  organization.emergencies.add(extensionId(on));
  expect(change(organization)).toBe('wait');
  expect(organization.state).toBe(before);
  organization.emergencies.clear();
  expect(change(organization)).not.toBe('wait');
  expect(organization.present).not.toBe('A on B');
});

test.for<readonly [string, (organization: TestOrganization) => string, string]>([
  ['what changes nothing there', (o) => o.return('C'), 'nothing-to-return'],
  ['a wrong code', (o) => o.enter('wrong', '103', 'B'), 'wrong-code'],
  ['moves among others', (o) => o.enter('right', '103', 'D'), 'accepted'],
])('an emergency call on a terminal does not hold up %s', ([, change, answer]) => {
  const organization = new TestOrganization();
  organization.move('101', 'B');
  organization.emergencies.add(B);
  expect(change(organization)).toBe(answer);
});
