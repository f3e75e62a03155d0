import { extensionId, extensionNumber, terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import { ada, ben } from '../../../management/support/stored.ts';
import type { BookStore, StoredExtension } from '../ports.ts';

/** What the store of a book must do. `make` gives one with Ada in it, and a way to open it again after a restart. */
export function bookStoreContract(
  name: string,
  make: () => Promise<{ readonly store: BookStore; reopen(): Promise<BookStore> }>,
): void {
  test(`${name}: an extension is updated as a whole, and no other changes`, async () => {
    const { store, reopen } = await make();
    await store.insert(ben);
    const changed: StoredExtension = {
      ...ada,
      name: 'Ada L.',
      kind: 'station',
      language: 'ro',
      allowVirtualization: false,
      suspended: true,
      hasSecretCode: false,
      secretCodeHash: null,
      hasVoicemailPin: false,
      voicemailPinHash: null,
      voicemailMail: null,
      stayLimits: { longestMinutes: 480, timeOfDay: '18:30', idleMinutes: null },
      kiosk: false,
      digest: null,
    };
    await store.update(changed);
    expect(await (await reopen()).load()).toEqual([changed, ben]);
  });

  test(`${name}: extensions are listed in the order of their numbers`, async () => {
    const { store } = await make();
    const early = {
      ...ada,
      id: extensionId('z'),
      terminal: terminalId('phone-z'),
      number: extensionNumber('100'),
    };
    await store.insert(ben);
    await store.insert(early);
    expect(await store.load()).toEqual([early, ada, ben]);
  });

  test(`${name}: what changes because an extension is deleted is kept with that`, async () => {
    const { store, reopen } = await make();
    await store.insert(ben);
    const changed = { ...ben, name: 'Benjamin' };
    await store.delete(ada.id, [changed]);
    expect(await (await reopen()).load()).toEqual([changed]);
  });

  test(`${name}: a number is taken once, and free again after a deletion`, async () => {
    const { store } = await make();
    const other = { ...ada, id: extensionId('b'), terminal: terminalId('phone-b') };
    await expect(store.insert(other)).rejects.toThrow();
    await store.delete(ada.id, []);
    await store.insert(other);
    expect(await store.load()).toEqual([other]);
  });
}
