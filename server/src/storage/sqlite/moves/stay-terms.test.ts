import { stayTermStoreContract } from '../../../exchange/limits/support/stay-term-store.contract.ts';
import { aCall, at, madePart } from '../../../records/support/test-records.ts';
import { seededChance } from '../../../world/seeded-chance.ts';
import { VirtualClock } from '../../../world/virtual-clock.ts';
import { killableStorage } from '../support/killable-storage.ts';
import { ours } from '../support/organizations.ts';

const storages = killableStorage();

stayTermStoreContract('SQLite', async () => {
  const clock = new VirtualClock();
  const storage = await storages.start(['ada', 'ben', 'desk'], { clock, chance: seededChance('terms') });
  for (const [startedAt, endedAt] of [
    [1_000, 9_000],
    [5_000, 6_000],
  ] as const) {
    const ada = { ...at('101', 'ada'), terminal: 'phone-desk' };
    const part = { ...madePart('101'), extension: 'ada', terminal: 'phone-desk' };
    const call = aCall(`call at ${startedAt}`, {
      ...{ startedAt, endedAt, caller: ada, attempts: [], parts: [part] },
      legs: [],
    });
    const written = storage.calls(ours).finish(call);
    await clock.advance(20);
    await written;
  }
  return {
    store: storage.stayTerms(ours),
    reopen: async () => (await storages.startAfterKill()).stayTerms(ours),
  };
});
