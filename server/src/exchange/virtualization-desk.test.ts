import { extensionId } from '@perch/shared';
import { expect, test } from 'vitest';
import { codeOf, terminal, TestHouse } from './support/test-desk.ts';
import type { Told, ToldToWait, VirtualizationDesk } from './virtualization-desk.ts';

const id = (number: string) => extensionId(`id-${number}`);
const answers = (told: Told | ToldToWait): string => told.answer.kind;

/** Who is on whose terminal, as the desk says it: `101 on 201`. */
function present(desk: VirtualizationDesk): string {
  const numbers = ['101', '102', '103', '104', '201', '202', '203'];
  return numbers
    .flatMap((number) => {
      const base = desk.baseOf(id(number));
      return base ? [`${number} on ${base.extension.slice('id-'.length)}`] : [];
    })
    .join(', ');
}

test('a move is reported with its consequences for each extension', async () => {
  const desk = await new TestHouse().desk();
  expect(await desk.requestMove(terminal('201'), '101')).toEqual({
    answer: { kind: 'code-needed' },
    consequences: [],
  });
  expect(await desk.verifyAndMove(terminal('201'), '101', codeOf('101'))).toEqual({
    answer: { kind: 'accepted', extension: id('101') },
    consequences: [
      {
        kind: 'moved',
        extension: { number: '101', name: 'Name of 101' },
        base: { number: '201', name: 'Name of 201' },
      },
      { kind: 'to-voicemail', extension: { number: '201', name: 'Name of 201' } },
    ],
  });
  expect(desk.terminalOf(id('101'))).toBe(terminal('201'));
  expect(desk.speaksFor(terminal('201'))).toBe(id('101'));
  expect(desk.speaksFor(terminal('101'))).toBeUndefined();
  expect(desk.guestOn(terminal('201'))).toMatchObject({ extension: id('101') });
  expect(desk.baseOf(id('101'))).toMatchObject({ extension: id('201') });
});

test('nothing is in force, and no one is told, before it is durable', async () => {
  const house = new TestHouse();
  let told: string | undefined;
  let heard = 0;
  const desk = await house.desk(() => (heard += 1));
  const written = house.store.holdUp();
  const moving = desk
    .verifyAndMove(terminal('201'), '101', codeOf('101'))
    .then((one) => (told = answers(one)));
  await house.clock.advance(1_000);
  expect([told, heard, present(desk)]).toEqual([undefined, 0, '']);
  written();
  await moving;
  expect([told, heard, present(desk)]).toEqual(['accepted', 1, '101 on 201']);
  expect(present(await house.desk())).toBe('101 on 201');
});

test('where the store fails, nothing has changed, and the next request is served', async () => {
  const house = new TestHouse();
  let heard = 0;
  const desk = await house.desk(() => (heard += 1));
  house.store.broken = true;
  await expect(desk.verifyAndMove(terminal('201'), '101', codeOf('101'))).rejects.toThrow('disk');
  expect([heard, present(desk), present(await house.desk())]).toEqual([0, '', '']);
  house.store.broken = false;
  expect(answers(await desk.verifyAndMove(terminal('201'), '102', codeOf('102')))).toBe('accepted');
});

test('a wrong code that could not be counted is not answered', async () => {
  const house = new TestHouse();
  const desk = await house.desk();
  house.store.broken = true;
  await expect(desk.verifyAndMove(terminal('201'), '101', '0000')).rejects.toThrow('disk');
});

test('when two take the same station at once, one replaces the other', async () => {
  const house = new TestHouse();
  const desk = await house.desk();
  const both = await Promise.all([
    desk.verifyAndMove(terminal('201'), '101', codeOf('101')),
    desk.verifyAndMove(terminal('201'), '102', codeOf('102')),
  ]);
  expect(both.map(answers)).toEqual(['accepted', 'accepted']);
  expect(present(desk)).toBe('102 on 201');
  expect(house.store.written.map((record) => record.previousGuest)).toEqual([null, id('101')]);
});

test('many guesses at once count one by one: the sixth is locked out, though it is right', async () => {
  const house = new TestHouse();
  const desk = await house.desk();
  const codes = ['0001', '0002', '0003', '0004', '0005', codeOf('101')];
  const guesses = codes.map((code, index) =>
    desk.verifyAndMove(terminal(index % 2 === 0 ? '201' : '202'), '101', code),
  );
  expect((await Promise.all(guesses)).map(answers)).toEqual(Array(6).fill('wrong-code'));
  expect(house.store.written.map((record) => record.result)).toEqual([
    ...Array<string>(5).fill('wrong-code'),
    'locked-out',
  ]);
  expect(present(desk)).toBe('');
});

test('a lock survives a restart, and the owner can lift it', async () => {
  const house = new TestHouse();
  const before = await house.desk();
  for (let n = 0; n < 5; n += 1) await before.verifyAndMove(terminal('201'), '101', '0000');
  const desk = await house.desk();
  expect(answers(await desk.verifyAndMove(terminal('202'), '101', codeOf('101')))).toBe('wrong-code');
  const about = { id: id('101'), terminal: terminal('101') };
  const lockedUntil = house.clock.now() + 15 * 60_000;
  expect(desk.guessing(about)).toEqual({
    wrongAt: Array(5).fill(house.clock.now()),
    lockedUntil,
    terminalLockedUntil: null,
  });
  await desk.liftLock(id('101'), null);
  expect(desk.guessing(about)).toEqual({ wrongAt: [], lockedUntil: null, terminalLockedUntil: null });
  expect(answers(await (await house.desk()).verifyAndMove(terminal('202'), '101', codeOf('101')))).toBe(
    'accepted',
  );
});

test.for([
  ['a wrong code', '101', '4000', ['id-101', '4000']],
  ['an unknown number', '999', '4000', [undefined, '4000']],
  ['an extension that is suspended', '104', codeOf('104'), ['id-104', codeOf('104')]],
  ['an extension that is locked out', '103', codeOf('103'), ['id-103', codeOf('103')]],
] as const)('the same work and the same words: %s', async ([, number, code, verified]) => {
  const house = new TestHouse();
  house.change('104', { suspended: true });
  const desk = await house.desk();
  for (let n = 0; n < 5; n += 1) await desk.verifyAndMove(terminal('202'), '103', '0000');
  house.codes.verified.length = 0;
  expect(answers(await desk.requestMove(terminal('201'), number))).toBe('code-needed');
  expect(await desk.verifyAndMove(terminal('201'), number, code)).toEqual({
    answer: { kind: 'wrong-code' },
    consequences: [],
  });
  expect(house.codes.verified).toEqual([verified]);
});

test('the digits of a code are in no record', async () => {
  const house = new TestHouse();
  const desk = await house.desk();
  for (const code of ['73519', codeOf('101')]) await desk.verifyAndMove(terminal('201'), '101', code);
  await desk.verifyAndMove(terminal('201'), '999', '73519');
  await desk.visitDropped(terminal('201'), '101');
  expect(house.store.written).toHaveLength(4);
  expect(JSON.stringify(house.store.written)).not.toMatch(/73519|40101/);
});

test.for<readonly [string, (house: TestHouse) => void, string]>([
  [
    'the base allows it no more',
    (house) => house.change('201', { allowVirtualization: false }),
    'not-allowed',
  ],
  ['the base is suspended', (house) => house.change('201', { suspended: true }), 'not-allowed'],
  ['the base is deleted', (house) => house.directory.delete(id('201')), 'not-allowed'],
  ['the extension is suspended', (house) => house.change('101', { suspended: true }), 'wrong-code'],
  ['the extension is deleted', (house) => house.directory.delete(id('101')), 'wrong-code'],
  [
    'the number is another extension’s',
    (house) => {
      house.directory.delete(id('101'));
      house.change('101', { id: extensionId('id-new') });
    },
    'wrong-code',
  ],
])('what is true when the hash is done decides: %s', async ([, change, answer]) => {
  const house = new TestHouse();
  const desk = await house.desk();
  const hashed = house.codes.holdUp();
  const moving = desk.verifyAndMove(terminal('201'), '101', codeOf('101'));
  change(house);
  hashed();
  expect(answers(await moving)).toBe(answer);
  expect(present(desk)).toBe('');
});

test.for<readonly [string, (house: TestHouse) => void]>([
  ['the guest was deleted', (house) => house.directory.delete(id('101'))],
  ['the base was deleted', (house) => house.directory.delete(id('201'))],
  ['the guest was suspended', (house) => house.change('101', { suspended: true })],
  ['the base was suspended', (house) => house.change('201', { suspended: true })],
])('a crash before the desk heard of it: at the next start, %s', async ([, change]) => {
  const house = new TestHouse();
  const before = await house.desk();
  await before.verifyAndMove(terminal('201'), '101', codeOf('101'));
  await before.verifyAndMove(terminal('202'), '102', codeOf('102'));
  change(house);
  expect(present(await house.desk())).toBe('102 on 202');
  expect((await house.store.load()).virtualizations).toHaveLength(1);
});

test('a change is announced with whom it reached, once it is in force; what changes nothing is not', async () => {
  const house = new TestHouse();
  const heard: unknown[] = [];
  const desk: VirtualizationDesk = await house.desk((happening) => {
    if (happening.kind === 'moved')
      heard.push([[...happening.extensions], [...happening.terminals], present(desk)]);
  });
  await desk.verifyAndMove(terminal('201'), '101', codeOf('101'));
  heard.length = 0;
  await desk.verifyAndMove(terminal('201'), '102', codeOf('102'));
  const reached = ['101', '201', '102'];
  const extensions = reached.map((number) => `id-${number}`);
  expect(heard).toEqual([[extensions, reached.map(terminal), '102 on 201']]);
  await desk.verifyAndMove(terminal('201'), '103', '0000');
  expect(heard).toHaveLength(1);
});

test('the pages of the terminals that somebody elsewhere has changed are told, and cannot undo it', async () => {
  const house = new TestHouse();
  const desk = await house.desk();
  await desk.verifyAndMove(terminal('201'), '101', codeOf('101'));
  expect(answers(await desk.send(id('101'), id('202'), 'boss'))).toBe('accepted');
  expect(present(desk)).toBe('101 on 202');
  for (const station of ['201', '202'])
    expect(desk.recentChange(terminal(station))).toMatchObject({ canUndo: false, byManagement: true });
  await desk.returnToBase(id('101'), 'administrator', 'boss');
  expect(desk.recentChange(terminal('202'))).toMatchObject({
    ...{ canUndo: false, byManagement: true },
    consequences: [{ kind: 'returned-home' }, { kind: 'desk-free' }],
  });
  expect(answers(await desk.send(id('101'), id('203'), 'boss'))).toBe('not-allowed');
  house.change('101', { suspended: true });
  expect(answers(await desk.send(id('101'), id('201'), 'boss'))).toBe('not-allowed');
});

test('the last change is shown for thirty seconds, and can be undone', async () => {
  const house = new TestHouse();
  const desk = await house.desk();
  await desk.verifyAndMove(terminal('201'), '101', codeOf('101'));
  await house.clock.advance(29_999);
  expect(desk.recentChange(terminal('201'))).toEqual({
    at: house.clock.now() - 29_999,
    until: house.clock.now() + 1,
    canUndo: true,
    byManagement: false,
    limit: null,
    consequences: [
      expect.objectContaining({ kind: 'moved' }),
      expect.objectContaining({ kind: 'to-voicemail' }),
    ],
  });
  expect(desk.recentChange(terminal('101'))).toBeNull();
  expect(answers(await desk.undo(terminal('201')))).toBe('undone');
  expect(desk.recentChange(terminal('201'))).toBeNull();
  expect(present(await house.desk())).toBe('');
});

test('a page hears when its undo is gone, though nothing changed on its terminal', async () => {
  const house = new TestHouse();
  const heard: string[] = [];
  const desk = await house.desk((happening) => {
    if (happening.kind === 'moved') heard.push(...happening.terminals);
  });
  await desk.verifyAndMove(terminal('201'), '101', codeOf('101'));
  heard.length = 0;
  await desk.virtualizationDisallowed(id('201'), 'stay', 'boss');
  expect(heard).toEqual([terminal('201')]);
  expect(desk.recentChange(terminal('201'))).toBeNull();
});

test('an emergency call holds a change up until it ends; then it is decided afresh', async () => {
  const house = new TestHouse();
  const desk = await house.desk();
  await desk.verifyAndMove(terminal('201'), '101', codeOf('101'));
  const ended = [desk.emergencyCallOn(terminal('201')), desk.emergencyCallOn(terminal('201'))];
  const told = await desk.returnToBase(id('101'), 'administrator', 'boss');
  if (!('later' in told)) throw new Error('it did not wait');
  expect(answers(await desk.verifyAndMove(terminal('202'), '102', codeOf('102')))).toBe('accepted');
  for (const end of ended) {
    expect(present(desk)).toBe('101 on 201, 102 on 202');
    end();
    end();
    await desk.settled();
  }
  expect(answers(await told.later)).toBe('returned');
  expect(present(desk)).toBe('102 on 202');
});

test('what waited for an emergency call and was taken back does not happen', async () => {
  const house = new TestHouse();
  const desk = await house.desk();
  const ended = desk.emergencyCallOn(terminal('201'));
  const told = await desk.verifyAndMove(terminal('201'), '101', codeOf('101'));
  if (!('later' in told)) throw new Error('it did not wait');
  told.withdraw();
  ended();
  await desk.settled();
  expect(present(desk)).toBe('');
  expect(house.store.written).toEqual([]);
});

test('a change that waited and then cannot be stored fails only for those who wait for it', async () => {
  const house = new TestHouse();
  const desk = await house.desk();
  const ended = desk.emergencyCallOn(terminal('201'));
  const told = await desk.verifyAndMove(terminal('201'), '101', codeOf('101'));
  if (!('later' in told)) throw new Error('it did not wait');
  house.store.broken = true;
  ended();
  await expect(told.later).rejects.toThrow('disk');
  expect(present(desk)).toBe('');
});

test('management: each act is recorded with its administrator', async () => {
  const house = new TestHouse();
  const desk = await house.desk();
  await desk.verifyAndMove(terminal('201'), '101', codeOf('101'));
  await desk.secretCodeReplaced(id('101'), 'boss');
  await desk.virtualizationDisallowed(id('201'), 'return', 'boss');
  await desk.extensionSuspended(id('102'), 'boss');
  await desk.extensionRemoved(id('103'), 'boss');
  expect(house.store.written.slice(1).map(({ action, who, way }) => [action, who, way])).toEqual([
    ['replace-code', 'boss', 'administrator'],
    ['disallow', 'boss', 'administrator'],
    ['suspend', 'boss', 'administrator'],
    ['delete', 'boss', 'administrator'],
  ]);
  expect(present(desk)).toBe('');
});
