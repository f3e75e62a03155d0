import { NO_FORWARDS, organizationId, type ExtensionChange } from '@perch/shared';
import { expect, test } from 'vitest';
import { seededChance } from '../../world/seeded-chance.ts';
import type { BookCommand } from '../contract/commands.ts';
import type { ExtensionNotice } from '../contract/extensions.ts';
import type { Happened } from '../happenings.ts';
import { Book } from './book.ts';
import { BookChanges } from './changes.ts';
import { FakeBookStore } from './support/fake-book-store.ts';

/** An empty book, and everything that its changes have the organization do, in order. */
async function open({
  guest,
  refuses = [],
}: { readonly guest?: string; readonly refuses?: readonly string[] } = {}) {
  const store = new FakeBookStore();
  const organization = { id: organizationId('o'), name: 'Demo', domain: 'demo.test', emergencyNumbers: [] };
  const verifySecret = async (hash: string | null | undefined, secret: string) => hash === secret;
  const did: string[] = [];
  const happened: Happened = ({ kind }) => void did.push(kind);
  const book = await Book.open({ organization, store, verifySecret, happened });
  const notices: ExtensionNotice[] = [];
  book.follow((notice) => {
    did.push(notice.kind);
    notices.push(notice);
  });
  const note = (what: string) => async (_: unknown, detail?: unknown) => {
    did.push(typeof detail === 'string' ? `${what} ${detail}` : what);
    if (refuses.includes(what)) throw new Error('the disk is full');
  };
  const changes = new BookChanges({
    book,
    chance: seededChance('book'),
    happened,
    view: { guestNameOn: () => guest },
    where: {
      virtualizationDisallowed: note('disallowed'),
      extensionSuspended: note('suspended, by'),
      extensionRemoved: note('removed, by'),
      secretCodeReplaced: note('code replaced, by'),
    },
    mailboxes: { pinReplaced: note('pin replaced'), forget: note('forgotten') },
  });
  const create = (number: string) =>
    changes.carryOut({
      kind: 'create-extension',
      extension: { number, name: 'Ada', kind: 'person', allowVirtualization: true },
      digest: null,
    });
  const change = (what: ExtensionChange) =>
    changes.carryOut({ kind: 'change-extension', number: '101', change: what, who: 'boss' });
  return { book, store, changes, did, notices, create, change };
}

test('a new extension can be suspended and in a group from the beginning, by one change', async () => {
  const { book, changes, did } = await open();
  const settings = {
    group: 'Sales',
    place: 'Room 2',
    callBack: '102',
    suspended: true,
    voicemailMail: 'a@demo.test',
  };
  const extension = { number: '101', name: 'Ada', kind: 'person', allowVirtualization: false } as const;
  await changes.carryOut({
    kind: 'create-extension',
    extension: { ...extension, ...settings },
    digest: null,
  });
  expect(book.byNumber('101')).toMatchObject(settings);
  expect(did).toEqual(['all', 'entered', 'extension-changed']);
});

test('a new extension is in the book, then told to followers, then happens', async () => {
  const { book, did, create } = await open();
  expect(await create('101')).toEqual({ kind: 'done' });
  expect(book.byNumber('101')).toMatchObject({ number: '101', name: 'Ada', suspended: false, digest: null });
  expect(did).toEqual(['all', 'entered', 'extension-changed']);
  expect(await create('101')).toEqual({ kind: 'number-taken' });
  expect(did).toHaveLength(3);
});

test.for<[string, ExtensionChange, readonly string[]]>([
  ['a new name', { name: 'Ada L.' }, []],
  ['a suspension', { suspended: true }, ['suspended, by boss']],
  ['the end of a suspension', { suspended: false }, []],
  ['virtualization allowed', { allowVirtualization: true }, []],
  ['virtualization disallowed without a guest', { allowVirtualization: false }, ['disallowed stay']],
  [
    'virtualization disallowed, and the guest returns',
    { allowVirtualization: false, presentGuest: 'return' },
    ['disallowed return'],
  ],
])('%s: its consequences are of the same turn, after it is in force', async ([, what, consequences]) => {
  const { did, create, change } = await open();
  await create('101');
  did.splice(0);
  const [answer] = await Promise.all([change(what), create('102')]);
  expect(answer).toEqual({ kind: 'done' });
  expect(did).toEqual(['entered', 'extension-changed', ...consequences, 'entered', 'extension-changed']);
});

test('a guest who is present is named, and nothing changes until it is said what becomes of them', async () => {
  const { book, did, create, change } = await open({ guest: 'Ben' });
  await create('101');
  did.splice(0);
  expect(await change({ allowVirtualization: false })).toEqual({ kind: 'guest-present', guest: 'Ben' });
  expect([did, book.byNumber('101')?.allowVirtualization]).toEqual([[], true]);
  expect(await change({ allowVirtualization: false, presentGuest: 'stay' })).toEqual({ kind: 'done' });
  expect(did).toEqual(['entered', 'extension-changed', 'disallowed stay']);
  // Asked again, since the first time may have failed after the book was changed.
  expect(await change({ allowVirtualization: false, presentGuest: 'return' })).toEqual({ kind: 'done' });
  expect(did.at(-1)).toBe('disallowed return');
});

test('a secret is kept as its hash: followers and the directory never see it', async () => {
  const { book, changes, did, notices, create } = await open();
  await create('101');
  const set = (hash: string): BookCommand => ({ kind: 'set-secret-code', number: '101', hash, who: 'boss' });
  await changes.carryOut(set('h1'));
  expect(did.filter((each) => each.startsWith('code'))).toEqual([]);
  await changes.carryOut(set('h2'));
  expect(did.at(-1)).toBe('code replaced, by boss');
  await changes.carryOut({ kind: 'set-voicemail-pin', number: '101', hash: 'h3' });
  expect(did.at(-1)).toBe('pin replaced');
  const known = book.directory.byNumber('101');
  expect(known).toMatchObject({ hasSecretCode: true, hasVoicemailPin: true });
  expect(JSON.stringify([known, notices])).not.toMatch(/h[123]/);
  expect([await book.verify(known?.id, 'h2'), await book.verify(undefined, 'h2')]).toEqual([true, false]);
  expect(known && (await book.voicemailPins.verify(known.id, 'h3'))).toBe(true);
});

test('followers are told the credentials by which phones authenticate', async () => {
  const { book, changes, notices, create } = await open();
  await create('101');
  const digest = { ha1Md5: 'm', ha1Sha256: 's' };
  await changes.carryOut({ kind: 'set-sip-password', number: '101', digest });
  expect(notices.at(-1)).toEqual({
    kind: 'entered',
    extension: book.directory.byNumber('101'),
    digest,
  });
});

test('a deleted extension is told to followers first; then everyone on its phone returns, and its mailbox is deleted', async () => {
  const { book, changes, did, create } = await open();
  await create('101');
  did.splice(0);
  const remove: BookCommand = { kind: 'delete-extension', number: '101', who: 'boss' };
  expect(await Promise.all([changes.carryOut(remove), changes.carryOut(remove)])).toEqual([
    { kind: 'done' },
    { kind: 'not-found' },
  ]);
  expect(did).toEqual(['deleted', 'removed, by boss', 'extension-changed', 'forgotten']);
  expect(book.byNumber('101')).toBeUndefined();
});

test('a follower that fails is reported; the change has happened all the same, and the next follower hears of it', async () => {
  const { book, did, create, change } = await open();
  await create('101');
  let broken = false;
  book.follow(() => {
    if (broken) throw new Error('this follower is broken');
  });
  const names: string[] = [];
  book.follow((notice) => {
    if (notice.kind === 'entered') names.push(notice.extension.name);
  });
  broken = true;
  did.splice(0);
  expect(await change({ name: 'Ada L.', suspended: true })).toEqual({ kind: 'done' });
  expect(names).toEqual(['Ada L.']);
  expect(did).toEqual(['entered', 'failed', 'extension-changed', 'suspended, by boss']);
});

test('a deletion that fails after the book was changed is told, and the mailbox is deleted all the same', async () => {
  const { changes, did, create } = await open({ refuses: ['removed, by'] });
  await create('101');
  did.splice(0);
  const removed = changes.carryOut({ kind: 'delete-extension', number: '101', who: 'boss' });
  await expect(removed).rejects.toThrow('the disk is full');
  expect(did).toEqual(['deleted', 'removed, by boss', 'extension-changed', 'forgotten']);
});

test('what cannot be stored has not happened, and holds up nothing', async () => {
  const { book, store, did, create, change } = await open();
  await create('101');
  did.splice(0);
  store.broken = true;
  const lost = change({ suspended: true });
  await expect(lost).rejects.toThrow('the disk is full');
  expect([did, book.byNumber('101')?.suspended]).toEqual([[], false]);
  store.broken = false;
  expect(await change({ suspended: true })).toEqual({ kind: 'done' });
});

test('those who leave are told nothing more', async () => {
  const { book, create } = await open();
  const told: string[] = [];
  const leave = book.follow(({ kind }) => told.push(kind));
  leave();
  await create('101');
  expect(told).toEqual(['all']);
});

test('where an extension is deleted, calls go on to its number no more, and help does not call back there', async () => {
  const { book, changes, did, create, change } = await open();
  for (const number of ['101', '102', '103']) await create(number);
  const unanswered = { to: '102', seconds: 20 };
  await change({ forwards: { always: '102', busy: '103', unanswered, unreachable: '102' } });
  await changes.carryOut({
    kind: 'change-extension',
    number: '103',
    change: { callBack: '102' },
    who: 'boss',
  });
  did.length = 0;
  await changes.carryOut({ kind: 'delete-extension', number: '102', who: 'boss' });
  expect(book.byNumber('101')?.forwards).toEqual({ ...NO_FORWARDS, busy: '103' });
  expect(book.byNumber('103')?.callBack).toBe(null);
  expect(did.slice(0, 4)).toEqual(['entered', 'entered', 'deleted', 'extension-changed']);
});
