import { expect, test } from 'vitest';
import { Mailboxes } from './mailboxes.ts';
import { ada, ben, MailboxHouse } from './mailboxes.fixture.ts';
import { type Recordings, RESTORABLE_MS } from './ports.ts';
import { powerCut } from './power-cut.fixture.ts';

const HOUR = 60 * 60_000;

/** All that mailboxes do to the disk. What does not come about keeps the rest from coming about. */
async function live(house: MailboxHouse, mailboxes: Mailboxes, recordings: Recordings): Promise<void> {
  const deposit = async (extension: typeof ada) => {
    const message = house.message({ extension });
    const file = await recordings.begin({ kind: 'message', ...message });
    file.write(new Uint8Array(message.durationMs));
    await file.keep();
    await mailboxes.keep(message);
    return message;
  };
  const greet = async () => {
    const id = house.newId();
    const file = await recordings.begin({ kind: 'greeting', id, extension: ada });
    file.write(new Uint8Array(2_000));
    await file.keep();
    await mailboxes.setGreeting(ada, { id, durationMs: 2_000, at: 1 });
  };
  await greet();
  const first = await deposit(ada);
  await deposit(ben);
  await mailboxes.markHeard(ada, first.id, true);
  await greet();
  await mailboxes.delete(ada, first.id);
  await house.clock.advance(HOUR + RESTORABLE_MS);
  await deposit(ada);
  await mailboxes.setGreeting(ada, null);
  await greet();
  house.directory.delete(ada);
  await mailboxes.forget(ada);
}

/** How many changes of the disk all that is. */
const STEPS = 30;

/** Lives until the power is cut. `true` where it was not. */
async function liveUntil(steps: number, house: MailboxHouse): Promise<boolean> {
  const disk = powerCut(steps, house.ports);
  let isDone = false;
  void Mailboxes.open({ ...house.ports, ...disk })
    .then((mailboxes) => live(house, mailboxes, disk.recordings))
    .then(() => (isDone = true));
  await house.clock.advance(10 * HOUR);
  return isDone;
}

test('the table below holds every step', async () => {
  expect(await liveUntil(STEPS - 1, new MailboxHouse())).toBe(false);
  expect(await liveUntil(STEPS, new MailboxHouse())).toBe(true);
});

test.for(Array.from({ length: STEPS + 1 }, (_, steps) => steps))(
  'the power is cut after %i changes of the disk: file and row are there together, or not at all',
  async (steps) => {
    const house = new MailboxHouse();
    await liveUntil(steps, house);
    house.recordings = house.recordings.afterCrash();
    const mailboxes = await house.open();
    const { messages, mailboxes: rest } = await house.store.load();
    const rows = [...messages.map(({ id }) => id), ...rest.flatMap(({ greeting }) => greeting?.id ?? [])];
    expect(rows.sort()).toEqual([...house.recordings.kept].sort());
    expect(house.recordings.underWay).toEqual([]);
    for (const extension of [ada, ben]) {
      const greeting = mailboxes.greeting(extension);
      for (const { id } of [...mailboxes.messages(extension), ...(greeting ? [greeting] : [])])
        expect(await mailboxes.recording(extension, id)).toBeDefined();
    }
    // And of whatever was deleted for good, nothing comes back at the start after that.
    const again = await house.open();
    for (const extension of [ada, ben])
      expect(again.messages(extension)).toEqual(mailboxes.messages(extension));
  },
);
