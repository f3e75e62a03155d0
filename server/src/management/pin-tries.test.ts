import { GUESSING_WINDOW_MS, LOCKS_FORGOTTEN_MS, terminalId, WRONG_PER_TERMINAL } from '@perch/shared';
import { expect, test } from 'vitest';
import { VirtualClock } from '../world/virtual-clock.ts';
import { PinTries } from './pin-tries.ts';
import { FakeRepositories } from './support/fake-repositories.ts';
import { administrator, organization } from './support/stored.ts';

async function house() {
  const [clock, repositories] = [new VirtualClock(Date.UTC(2026, 0, 1)), new FakeRepositories()];
  const { organizations: repository } = repositories;
  await repository.create(organization, administrator);
  const { id } = organization;
  const opened = async () => {
    const tries = new PinTries({ repository, clock });
    await tries.begin(id);
    const at = (station: string, isRight = false) => tries.take(id, terminalId(station), async () => isRight);
    const manyAt = (station: string, many: number) =>
      Promise.all(Array.from({ length: many }, () => at(station)));
    const forgiven = () => tries.forget(id, () => repository.forgetPinGuesses(id));
    return { at, manyAt, forgiven, locks: () => tries.locks(id) };
  };
  return { clock, opened, stored: () => repository.pinGuesses(id), repositories };
}

test('nobody locks all stations from one or two, however long they try there, nor with many PINs at once', async () => {
  const { clock, opened } = await house();
  const end = clock.now() + 3 * LOCKS_FORGOTTEN_MS;
  let tries = await opened();
  while (clock.now() < end) {
    for (const station of ['desk', 'other desk']) await tries.manyAt(station, 3 * WRONG_PER_TERMINAL);
    expect([tries.locks().everywhere, await tries.at('hall', true)]).toEqual([null, 'right']);
    tries = await opened();
    await clock.advance(GUESSING_WINDOW_MS);
  }
});

test('where one of those at a station no longer counts, one more does, however many are tried at once', async () => {
  const { clock, opened } = await house();
  const { manyAt, locks } = await opened();
  const hours = (n: number) => (n * LOCKS_FORGOTTEN_MS) / 24;
  for (const [many, wait] of [
    [1, hours(1)],
    [WRONG_PER_TERMINAL - 1, hours(23)],
    [WRONG_PER_TERMINAL, 0],
  ] as const) {
    for (const station of ['desk', 'other desk']) await manyAt(station, many);
    await clock.advance(wait);
  }
  expect(locks()).toMatchObject({ stations: [{}, {}], everywhere: null });
});

test('a third station locks all of them, together with what was tried at two others in the last day', async () => {
  const { clock, opened } = await house();
  const { at, manyAt, locks } = await opened();
  for (const station of ['desk', 'other desk', 'third desk']) await manyAt(station, WRONG_PER_TERMINAL);
  expect([locks().everywhere, await at('hall', true)]).toEqual([clock.now() + GUESSING_WINDOW_MS, 'locked']);
});

test('a wrong one in the instant in which all are forgiven is forgiven, too, also after a restart', async () => {
  for (let turns = 0; turns < 20; turns += 1) {
    const { opened, stored } = await house();
    const { at, forgiven } = await opened();
    await at('desk');
    const wrong = at('desk');
    for (let left = turns; left > 0; left -= 1) await Promise.resolve();
    await Promise.all([wrong, forgiven()]);
    expect([turns, await stored()]).toEqual([turns, null]);
  }
});

test('the last wrong one that is allowed locks nothing where all are forgiven while it is checked', async () => {
  const { opened } = await house();
  const { at, manyAt, forgiven, locks } = await opened();
  await manyAt('desk', WRONG_PER_TERMINAL - 1);
  const [tried] = await Promise.all([at('desk'), forgiven()]);
  expect([tried, locks().stations]).toEqual(['wrong', []]);
});

test('of stations whose wrong ones no longer count nothing is stored, nor of those at which none was wrong', async () => {
  const { clock, opened, stored } = await house();
  const { at } = await opened();
  await at('desk');
  await at('hall', true);
  await clock.advance(LOCKS_FORGOTTEN_MS);
  await at('other desk');
  expect((await stored())?.stations.map(([station]) => station)).toEqual(['other desk']);
});

test('wrong ones that cannot be forgiven count as before', async () => {
  const { opened, repositories } = await house();
  const { at, manyAt, forgiven, locks } = await opened();
  await manyAt('desk', WRONG_PER_TERMINAL);
  repositories.trouble = new Error('the disk is full');
  await expect(forgiven()).rejects.toThrow('the disk is full');
  repositories.trouble = undefined;
  expect([locks().stations.length, await at('desk', true)]).toEqual([1, 'locked']);
});
