import { extensionId } from '@perch/shared';
import { expect, test } from 'vitest';
import type { OwnStore } from '../ports.ts';

interface Made {
  /** Of an organization with the extensions `ada`, `ben` and `desk`. */
  readonly store: OwnStore;
  /** As it comes up after a crash. */
  readonly reopen: () => Promise<OwnStore>;
}

/** What every store of what extensions have of their own does. */
export function ownStoreContract(name: string, make: () => Promise<Made>): void {
  const [ada, ben, desk] = ['ada', 'ben', 'desk'].map(extensionId) as [never, never, never];

  test(`${name}: what is kept is there after a crash`, async () => {
    const { store, reopen } = await make();
    expect(await store.load()).toEqual([]);
    await store.keepSeen(ada, 5);
    await store.keepSeen(ada, 9);
    await store.keepSeen(ada, 7);
    for (const favourite of [desk, ben, desk]) await store.addFavourite(ada, favourite);
    await store.addFavourite(ben, ada);
    await store.removeFavourite(ben, desk);
    const kept = [...(await (await reopen()).load())].sort((one, other) =>
      one.extension.localeCompare(other.extension),
    );
    expect(kept.map(({ extension, seenUntil }) => [extension, seenUntil])).toEqual([
      ['ada', 9],
      ['ben', 0],
    ]);
    expect(new Set(kept[0]?.favourites)).toEqual(new Set([desk, ben]));
    expect(kept[1]?.favourites).toEqual([ada]);
  });

  test(`${name}: favourites are in the order in which they were made, and can be taken back`, async () => {
    const { store } = await make();
    for (const favourite of [desk, ben]) await store.addFavourite(ada, favourite);
    await store.removeFavourite(ada, desk);
    await store.addFavourite(ada, desk);
    expect((await store.load()).map(({ favourites }) => favourites)).toEqual([[ben, desk]]);
  });

  test(`${name}: nothing was missed where nothing was recorded`, async () => {
    const { store } = await make();
    expect(await store.unreturned(ada, 0, 10)).toEqual([]);
  });
}
