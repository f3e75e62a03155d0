import { extensionId } from '@perch/shared';
import { expect, test } from 'vitest';
import { ownStoreContract } from '../../exchange/own/support/own-store.contract.ts';
import { aCall, madePart } from '../../records/support/test-records.ts';
import { seededChance } from '../../world/seeded-chance.ts';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { killableStorage } from './support/killable-storage.ts';
import { ours } from './support/organizations.ts';

/** A thread that starts on a busy machine takes its time (milliseconds). */
const PATIENCE = 30_000;

const storages = killableStorage();

const clock = new VirtualClock();
const running = () => storages.start(['ada', 'ben', 'desk'], { clock, chance: seededChance('own') });

ownStoreContract('SQLite', async () => {
  const storage = await running();
  return {
    store: storage.own(ours),
    reopen: async () => (await storages.startAfterKill()).own(ours),
  };
});

test('what an extension has missed since then, and not returned', { timeout: PATIENCE }, async () => {
  const storage = await running();
  const of = (extension: string) => ({ extension, other: extension === 'ada' ? 'ben' : 'ada' });
  const missedAt = (startedAt: number) =>
    aCall(`at ${startedAt}`, {
      startedAt,
      result: 'no-answer',
      parts: [
        madePart('101', { ...of('ada'), role: 'callee', result: 'missed' }),
        madePart('102', of('ben')),
      ],
    });
  const back = aCall('back', {
    startedAt: 3_000,
    parts: [madePart('101', { ...of('ada'), talkMs: 1 }), madePart('102', { ...of('ben'), role: 'callee' })],
  });
  for (const call of [missedAt(2_000), back, missedAt(4_000), missedAt(5_000)]) {
    const written = storage.calls(ours).finish(call);
    await clock.advance(20);
    await written;
  }
  const missed = async (after: number) =>
    (await storage.own(ours).unreturned(extensionId('ada'), after, 10)).map(({ id }) => id);
  expect([await missed(0), await missed(4_500)]).toEqual([['at 5000', 'at 4000'], ['at 5000']]);
});

test('an extension that is deleted is nobody’s favourite, and has none', async () => {
  const storage = await running();
  const [ada, ben, desk] = ['ada', 'ben', 'desk'].map(extensionId) as [never, never, never];
  const store = storage.own(ours);
  await store.keepSeen(ben, 5);
  await store.addFavourite(ben, ada);
  await store.addFavourite(ada, ben);
  await store.addFavourite(ada, desk);
  await storage.book(ours).delete(ben, []);
  expect(await store.load()).toEqual([{ extension: ada, seenUntil: 0, favourites: [desk] }]);
});
