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
    return { at, manyAt, locks: () => tries.locks(id) };
  };
  return { clock, opened };
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
