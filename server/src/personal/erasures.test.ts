import { extensionId, organizationId, terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import { VirtualClock } from '../world/virtual-clock.ts';
import { Erasures } from './erasures.ts';
import type { Person } from './person.ts';
import type { Erasure, ErasurePorts, PersonalStore } from './ports.ts';

const OURS = organizationId('ours');
const person = (id: string): Person => ({
  id,
  extension: {
    ...{ id: extensionId(id), terminal: terminalId(`phone-${id}`), number: '101', name: id },
    ...{ createdAt: 1, deletedAt: null },
  },
  accounts: [],
  names: [id],
});

/** A storage of erasures, and what was done. */
function start(given: Partial<ErasurePorts> = {}) {
  const [pending, done] = [new Map<string, Erasure>(), [] as string[]];
  const disk = { isFull: false, isUnclean: false };
  const held: Pick<
    PersonalStore,
    'asDeleted' | 'sounds' | 'forgetSounds' | 'messagesLeft' | 'scrub' | 'finish'
  > = {
    asDeleted: async (it) => it,
    sounds: async () => [],
    forgetSounds: async () => undefined,
    messagesLeft: async () => 0,
    async *scrub() {
      await Promise.resolve();
      yield undefined;
    },
    async finish({ id }) {
      done.push(`finished ${id}`);
      pending.delete(id);
      disk.isUnclean = true;
    },
  };
  const ports: ErasurePorts = {
    store: {
      pending: async () => [...pending.values()],
      begin: async (erasure) => void pending.set(erasure.person.id, erasure),
      of: () => held as PersonalStore,
      isToBeCleaned: async () => disk.isUnclean,
      async clean() {
        if (disk.isFull) throw new Error('disk full');
        disk.isUnclean = false;
        done.push('cleaned');
      },
    },
    closeAccounts: async () => undefined,
    closeExtension: async () => undefined,
    forgetMessagesFrom: async () => undefined,
    isInCall: async () => false,
    deleteSound: async () => undefined,
    failed: (error) => void done.push(String(error)),
    ...given,
  };
  const clock = new VirtualClock(0);
  return { erasures: new Erasures(ports, clock), clock, done, disk, ports };
}

test('an erasure that waits for the end of a call holds up no other one', async () => {
  const { erasures, clock, done } = start({ isInCall: async (_, { id }) => id === 'ada' });
  await erasures.begin(OURS, person('ada'));
  await erasures.begin(organizationId('theirs'), person('ben'));
  await erasures.begin(OURS, person('eve'));
  await expect
    .poll(async () => (await clock.advance(1_000), done.filter((line) => line !== 'cleaned')))
    .toEqual(['finished ben', 'finished eve']);
  await erasures.close();
});

test('one that fails holds up no other one', async () => {
  const { erasures, clock, done } = start({
    closeAccounts: async ({ id }) => {
      if (id === 'ada') throw new Error('refused');
    },
  });
  await erasures.begin(OURS, person('ada'));
  await erasures.begin(OURS, person('ben'));
  await expect.poll(async () => (await clock.advance(1_000), done)).toContain('finished ben');
  await erasures.close();
});

test('where files cannot be cleaned, that alone is tried again, and after a restart', async () => {
  const { erasures, clock, done, disk, ports } = start();
  disk.isFull = true;
  await erasures.begin(OURS, person('ada'));
  await expect
    .poll(async () => (await clock.advance(30_000), done.slice(0, 4)))
    .toEqual(['finished ada', ...Array<string>(3).fill('Error: disk full')]);
  await erasures.close();
  expect(done.filter((line) => line === 'finished ada')).toHaveLength(1);

  disk.isFull = false;
  const after = new Erasures(ports, clock);
  await after.start();
  await after.settled();
  expect([done.at(-1), disk.isUnclean]).toEqual(['cleaned', false]);
});
