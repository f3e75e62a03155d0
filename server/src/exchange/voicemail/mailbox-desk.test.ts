import { recordingId } from '@perch/shared';
import { expect, test } from 'vitest';
import { NO_PIN_GUESSES } from '../../network/machines/pin-guesses.ts';
import type { MailboxVisitor } from '../contract/mailboxes.ts';
import { terminal } from '../support/test-desk.ts';
import { id, openVisitorsHouse, packetsOf, pinOf } from './support/visitors.ts';

const at = (number: string, browser = 'kiosk'): MailboxVisitor => ({ terminal: terminal(number), browser });

/** 101 has two messages, the desk 201 has one; guests are on 201. */
async function openDesk() {
  const house = await openVisitorsHouse();
  const { leave, clock } = house;
  const older = await leave('101', '102', 2_000);
  const newer = await leave('101', '103', 3_000);
  const desks = await leave('201', '104', 1_000);
  const control = house.desk;
  /** The first kiosk's browser. */
  const guest = async () => {
    await house.move('101', '201');
    await clock.advance(1);
    expect(await control.unlock(at('201'), pinOf('101'))).toBe('open');
  };
  const open = () => {
    const view = control.view(at('201'));
    return view === 'locked' ? 'locked' : `${view.extension.number} ${view.access}`;
  };
  const beginGreeting = async (visitor: MailboxVisitor) => {
    const begun = await control.beginGreeting(visitor);
    if (typeof begun === 'string') throw new Error(begun);
    return begun.stay;
  };
  const greet = async (visitor: MailboxVisitor, ms: number) =>
    control.replaceGreeting(visitor, await beginGreeting(visitor), packetsOf(ms));
  return { ...house, control, guest, open, beginGreeting, greet, older, newer, desks };
}

test('the owner at home sees and hears everything', async () => {
  const { control, older, newer, mailboxes } = await openDesk();
  expect(control.view(at('101'))).toEqual({
    extension: { number: '101', name: 'Name of 101' },
    access: 'open',
    messages: [
      {
        ...{ id: newer.id, from: { number: '103', name: 'Name of 103' }, at: newer.at, durationMs: 3_000 },
        ...{ reason: 'no-answer', heard: false },
      },
      {
        ...{ id: older.id, from: { number: '102', name: 'Name of 102' }, at: older.at, durationMs: 2_000 },
        ...{ reason: 'no-answer', heard: false },
      },
    ],
    ...{ greeting: null, hasPin: true, isOwn: true, mailTo: null, canMail: true, retentionDays: 30 },
    limits: { messages: 100, ms: 3_600_000, greetingMs: 60_000 },
  });
  expect(await control.recording(at('101'), newer.id)).toEqual(
    await mailboxes.recording(id('101'), newer.id),
  );
  expect(await control.markHeard(at('101'), newer.id, true)).toBe('done');
  expect(control.counts(id('101'))).toEqual({ new: 1, heard: 1 });
  expect(await control.delete(at('101'), older.id)).toBe('done');
  expect(await control.recording(at('101'), older.id)).toBe('not-found');
  expect(control.counts(id('101'))).toEqual({ new: 0, heard: 1 });
  expect(await control.restore(at('101'), older.id)).toBe('done');
  expect(control.counts(id('101'))).toEqual({ new: 1, heard: 1 });
});

test('a desk at its own station listens without a PIN, and has none to change', async () => {
  const { control, desks } = await openDesk();
  expect(control.view(at('201'))).toMatchObject({
    access: 'open',
    isOwn: false,
    messages: [{ id: desks.id }],
  });
  expect(control.ownerAt(terminal('201'))).toBeUndefined();
  expect(control.ownerAt(terminal('101'))).toBe(id('101'));
});

test('before the PIN a guest sees the state of the mailbox, but not its content', async () => {
  const { control, move, directory, mailboxes, newer } = await openDesk();
  const ada = directory.byNumber('101');
  if (ada) directory.set({ ...ada, voicemailMail: 'ada@example.org' });
  await mailboxes.setGreeting(id('101'), { id: recordingId('g'), durationMs: 1, at: 1 });
  await move('101', '201');
  expect(control.view(at('201'))).toMatchObject({
    ...{ extension: { number: '101' }, access: 'pin-needed', messages: [] },
    ...{ greeting: null, mailTo: null, hasPin: true, isOwn: false },
  });
  const kiosk = at('201');
  expect([
    await control.recording(kiosk, newer.id),
    await control.markHeard(kiosk, newer.id, true),
    await control.delete(kiosk, newer.id),
    await control.restore(kiosk, newer.id),
    await control.greeting(kiosk),
    await control.beginGreeting(kiosk),
    await control.replaceGreeting(kiosk, 1, packetsOf(2_000)),
    await control.removeGreeting(kiosk),
  ]).toEqual(Array.from({ length: 8 }, () => 'pin-needed'));
  expect(control.ownerAt(terminal('201'))).toBeUndefined();
});

test('a guest without a PIN is told so, and no PIN opens anything', async () => {
  const { control, move, pins, newer } = await openDesk();
  pins.without.add(id('101'));
  await move('101', '201');
  expect(control.view(at('201'))).toMatchObject({ access: 'no-pin', hasPin: false, messages: [] });
  expect(await control.unlock(at('201'), pinOf('101'))).toBe('wrong-pin');
  expect(await control.recording(at('201'), newer.id)).toBe('pin-needed');
});

test('the PIN opens it to that browser, and to no other of the terminal', async () => {
  const { control, guest, newer } = await openDesk();
  await guest();
  expect(control.view(at('201'))).toMatchObject({ access: 'open', messages: [{ id: newer.id }, {}] });
  expect(control.view(at('201', 'another'))).toMatchObject({ access: 'pin-needed', messages: [] });
});

test('a wrong PIN opens nothing, nor does the right one once the bucket is full', async () => {
  const { control, move, open } = await openDesk();
  await move('101', '201');
  for (let n = 0; n < 5; n += 1) expect(await control.unlock(at('201'), '0000')).toBe('wrong-pin');
  expect(await control.unlock(at('201'), pinOf('101'))).toBe('wrong-pin');
  expect(open()).toBe('101 pin-needed');
});

test('at home nothing is verified: PINs cannot be tried there', async () => {
  const { control, pins } = await openDesk();
  expect(await control.unlock(at('101'), '0000')).toBe('open');
  expect(pins.verified).toEqual([]);
});

test('a new PIN locks what the old one has opened, or is about to open', async () => {
  const { control, guest, open, pins } = await openDesk();
  await guest();
  const hashed = pins.holdUp();
  const late = control.unlock(at('201', 'another'), pinOf('101'));
  await control.pinReplaced(id('101'));
  hashed();
  expect(await late).toBe('locked');
  expect(open()).toBe('101 pin-needed');
});

test('a new PIN clears earlier wrong ones, after a restart too', async () => {
  const { control, move, open, mailboxes } = await openDesk();
  await move('101', '201');
  for (let n = 0; n < 5; n += 1) await control.unlock(at('201'), '0000');
  await control.pinReplaced(id('101'));
  expect(mailboxes.pinGuesses(id('101'))).toEqual(NO_PIN_GUESSES);
  expect(await control.unlock(at('201'), pinOf('101'))).toBe('open');
  expect(open()).toBe('101 open');
});

test('a new PIN changes nothing for the owner at home', async () => {
  const { control, newer } = await openDesk();
  const reading = control.recording(at('101'), newer.id);
  await control.pinReplaced(id('101'));
  expect(await reading).toBeInstanceOf(Buffer);
});

test('15 minutes without use lock it again, and showing it does not count as use', async () => {
  const { control, guest, clock, newer, open } = await openDesk();
  await guest();
  await clock.advance(10 * 60_000);
  await control.recording(at('201'), newer.id);
  await clock.advance(10 * 60_000);
  expect(open()).toBe('101 open');
  await clock.advance(5 * 60_000);
  expect(open()).toBe('101 pin-needed');
  expect(await control.recording(at('201'), newer.id)).toBe('pin-needed');
});

test('it is open to sixteen browsers at most', async () => {
  const { control, move } = await openDesk();
  await move('101', '201');
  for (let n = 0; n <= 16; n += 1) await control.unlock(at('201', `browser ${String(n)}`), pinOf('101'));
  const access = (n: number) => control.view(at('201', `browser ${String(n)}`));
  expect([access(0), access(1), access(16)]).toMatchObject([
    { access: 'pin-needed' },
    { access: 'open' },
    { access: 'open' },
  ]);
});

test('the guest leaves while the list is open: the desk sees its own, and the next visit needs the PIN again', async () => {
  const { control, guest, goHome, move, open, newer, desks } = await openDesk();
  await guest();
  await goHome('201');
  expect(control.view(at('201'))).toMatchObject({
    extension: { number: '201' },
    messages: [{ id: desks.id }],
  });
  expect(await control.recording(at('201'), newer.id)).toBe('not-found');
  expect(await control.delete(at('201'), newer.id)).toBe('not-found');
  await move('101', '201');
  expect(open()).toBe('101 pin-needed');
});

test('another guest comes, and the change is undone: what the first had opened is locked', async () => {
  const { where, guest, move, open } = await openDesk();
  await guest();
  await move('102', '201');
  expect(open()).toBe('102 pin-needed');
  await where.undo(terminal('201'));
  expect(where.speaksFor(terminal('201'))).toBe(id('101'));
  expect(open()).toBe('101 pin-needed');
});

test('changes elsewhere leave it open', async () => {
  const { guest, move, goHome, open } = await openDesk();
  await guest();
  await move('103', '202');
  await move('104', '101');
  await goHome('202');
  expect(open()).toBe('101 open');
});

test.for([
  ['nobody', async () => undefined],
  ['the same guest', async (move: (number: string, on: string) => Promise<void>) => move('101', '201')],
  ['another guest', async (move: (number: string, on: string) => Promise<void>) => move('102', '201')],
] as const)(
  'the guest leaves while the PIN is being hashed, and %s follows: nothing is open',
  async ([, follow]) => {
    const { control, move, goHome, pins, clock } = await openDesk();
    await move('101', '201');
    const hashed = pins.holdUp();
    const unlocked = control.unlock(at('201'), pinOf('101'));
    await clock.advance(0);
    await goHome('201');
    await follow(move);
    hashed();
    expect(await unlocked).toBe('locked');
    const view = control.view(at('201'));
    if (view !== 'locked' && view.extension.number !== '201') expect(view.access).toBe('pin-needed');
  },
);

test('the extension is suspended while its PIN is being hashed: locked', async () => {
  const { control, house, where, move, pins, clock } = await openDesk();
  await move('101', '201');
  const hashed = pins.holdUp();
  const unlocked = control.unlock(at('201'), pinOf('101'));
  await clock.advance(0);
  house.change('101', { suspended: true });
  hashed();
  expect(await unlocked).toBe('locked');
  expect(control.view(at('201'))).toBe('locked');
  await where.extensionSuspended(id('101'), null);
  expect(control.view(at('201'))).toMatchObject({ extension: { number: '201' } });
});

test.for(['suspended', 'deleted', 'away'] as const)(
  'an owner who is %s: no one is served here',
  async (what) => {
    const { control, house, directory, move, newer } = await openDesk();
    if (what === 'suspended') house.change('101', { suspended: true });
    if (what === 'deleted') directory.delete(id('101'));
    if (what === 'away') await move('101', '201');
    const phone = at('101');
    expect([
      control.view(phone),
      await control.unlock(phone, pinOf('101')),
      await control.recording(phone, newer.id),
      await control.markHeard(phone, newer.id, true),
      await control.delete(phone, newer.id),
      await control.restore(phone, newer.id),
      await control.greeting(phone),
      await control.beginGreeting(phone),
      await control.replaceGreeting(phone, 1, packetsOf(2_000)),
      await control.removeGreeting(phone),
    ]).toEqual(Array.from({ length: 10 }, () => 'locked'));
    expect(control.ownerAt(terminal('101'))).toBeUndefined();
  },
);

test('messages of another mailbox are not found', async () => {
  const { control, desks, mailboxes } = await openDesk();
  const phone = at('101');
  for (const message of [desks.id, recordingId('../../etc/passwd')])
    expect([
      await control.recording(phone, message),
      await control.markHeard(phone, message, true),
      await control.delete(phone, message),
      await control.restore(phone, message),
    ]).toEqual(['not-found', 'not-found', 'not-found', 'not-found']);
  expect(mailboxes.counts(id('201'))).toEqual({ new: 1, heard: 0 });
});

test('a greeting is replaced, announced, and removed; the old file is deleted', async () => {
  const { control, greet, files, clock } = await openDesk();
  const before = files.kept;
  expect(await control.greeting(at('101'))).toBe('not-found');
  expect(await greet(at('101'), 4_000)).toBe('done');
  expect(await greet(at('101'), 2_000)).toBe('done');
  expect(files.kept).toHaveLength(before.length + 1);
  expect(control.view(at('101'))).toMatchObject({ greeting: { durationMs: 2_000, at: clock.now() } });
  expect(await control.greeting(at('101'))).toBeInstanceOf(Buffer);
  expect(await control.removeGreeting(at('101'))).toBe('done');
  expect(await control.removeGreeting(at('101'))).toBe('not-found');
  expect(files.kept).toEqual(before);
});

test('a greeting that was begun and never comes changes nothing', async () => {
  const { control, files } = await openDesk();
  const before = files.kept;
  expect(await control.beginGreeting(at('101'))).toEqual({ stay: expect.any(Number) as number });
  expect([files.kept, files.underWay]).toEqual([before, []]);
});

test('a disk that is nearly full: no greeting is even begun', async () => {
  const { control, files } = await openDesk();
  files.full = true;
  expect(await control.beginGreeting(at('101'))).toBe('disk-full');
});

test('a greeting that cannot be stored leaves no file, and the old one stays', async () => {
  const { control, greet, files, store } = await openDesk();
  await greet(at('101'), 2_000);
  const before = files.kept;
  store.broken = true;
  await expect(greet(at('101'), 1_000)).rejects.toThrow('disk');
  expect([files.kept, files.underWay]).toEqual([before, []]);
  expect(control.view(at('101'))).toMatchObject({ greeting: { durationMs: 2_000 } });
});

test.for(['nobody', '101', '102'])(
  'the guest leaves while the greeting is being made ready, and %s follows: it becomes no one’s greeting',
  async (follows) => {
    const { control, guest, beginGreeting, goHome, move, files, mailboxes } = await openDesk();
    await guest();
    const before = files.kept;
    const stay = await beginGreeting(at('201'));
    await goHome('201');
    if (follows !== 'nobody') await move(follows, '201');
    if (follows !== 'nobody') expect(await control.unlock(at('201'), pinOf(follows))).toBe('open');
    expect(await control.replaceGreeting(at('201'), stay, packetsOf(2_000))).toBe('locked');
    for (const number of ['101', '102', '201']) expect(mailboxes.greeting(id(number))).toBeNull();
    expect([files.kept, files.underWay]).toEqual([before, []]);
  },
);

test('the guest leaves while the greeting is being written to the disk: it becomes no one’s greeting', async () => {
  const { control, guest, beginGreeting, goHome, files, mailboxes, clock } = await openDesk();
  await guest();
  const before = files.kept;
  const written = files.holdUp();
  const replaced = control.replaceGreeting(at('201'), await beginGreeting(at('201')), packetsOf(2_000));
  await clock.advance(0);
  await goHome('201');
  written();
  expect(await replaced).toBe('locked');
  expect(mailboxes.greeting(id('101'))).toBeNull();
  expect(mailboxes.greeting(id('201'))).toBeNull();
  expect([files.kept, files.underWay]).toEqual([before, []]);
});

test('the guest leaves while a recording is being read: it is not played', async () => {
  const { control, guest, goHome, holdUpReading, newer } = await openDesk();
  await guest();
  const read = holdUpReading();
  const heard = control.recording(at('201'), newer.id);
  await goHome('201');
  read();
  expect(await heard).toBe('locked');
});
