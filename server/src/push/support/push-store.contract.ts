import { terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import type { PushStore, PushSubscription } from '../ports.ts';

interface Subject {
  readonly store: PushStore;
  /** The tokens of two browsers of one terminal, by their SHA-256. */
  readonly browsers: readonly [Buffer, Buffer];
  /** That browser is no phone any more. */
  revoke(browser: Buffer): Promise<void>;
  /** Opens it again as after a crash. */
  reopen(): Promise<PushStore>;
}

const subscription = (browser: Buffer, madeAt = 1_700_000_000_000): PushSubscription => ({
  browser,
  terminal: terminalId('t-ada'),
  instance: 'urn:uuid:00000000-0000-4000-8000-000000000101',
  endpoint: `https://push.example.org/${browser.toString('hex', 0, 4)}`,
  p256dh: 'a point',
  auth: 'a secret',
  madeAt,
});

/** What every `PushStore` must do. `make` gives an empty one. */
export function pushStoreContract(name: string, make: () => Promise<Subject>): void {
  test(`${name}: the key is kept, over a crash`, async () => {
    const { store, reopen } = await make();
    expect(await store.key()).toBeUndefined();
    const key = { publicKey: 'public', privateKey: 'private' };
    await store.setKey(key);
    expect(await store.key()).toEqual(key);
    expect(await (await reopen()).key()).toEqual(key);
  });

  test(`${name}: a browser has one subscription, the last, over a crash; the oldest browser is first`, async () => {
    const { store, browsers, reopen } = await make();
    const [one, other] = browsers;
    expect(await store.put(subscription(one, 2_000))).toBe(true);
    expect(await store.put(subscription(other, 1_000))).toBe(true);
    const moved = { ...subscription(one, 3_000), endpoint: 'https://push.example.org/another' };
    expect(await store.put(moved)).toBe(true);
    expect(await store.all()).toEqual([subscription(other, 1_000), moved]);
    expect(await (await reopen()).all()).toEqual([subscription(other, 1_000), moved]);
  });

  test(`${name}: one is deleted, and the other stays; twice is harmless`, async () => {
    const { store, browsers } = await make();
    const [one, other] = browsers;
    for (const browser of browsers) await store.put(subscription(browser));
    await store.delete(one);
    await store.delete(one);
    expect(await store.all()).toEqual([subscription(other)]);
  });

  test(`${name}: a browser that is no phone any more has none, and gets none`, async () => {
    const { store, browsers, revoke, reopen } = await make();
    const [one, other] = browsers;
    for (const browser of browsers) await store.put(subscription(browser));
    await revoke(one);
    expect(await store.all()).toEqual([subscription(other)]);
    expect(await store.put(subscription(one))).toBe(false);
    expect(await (await reopen()).all()).toEqual([subscription(other)]);
  });
}
