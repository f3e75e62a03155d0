import type { RecordingId } from '@perch/shared';
import { expect, test } from 'vitest';
import { Mailboxes } from './mailboxes.ts';
import { ada, ben, MailboxHouse } from './support/test-mailboxes.ts';
import { type Recordings, RESTORABLE_MS } from './ports.ts';
import { powerCut } from './support/power-cut.ts';

const HOUR = 60 * 60_000;

/** What was announced outside. */
class Told {
  readonly kept = new Set<RecordingId>();
  readonly heard = new Set<RecordingId>();
  readonly deleted = new Set<RecordingId>();
}

/** Everything that mailboxes do to the disk. A step that fails prevents the later ones. */
async function live(
  house: MailboxHouse,
  mailboxes: Mailboxes,
  recordings: Recordings,
  told: Told,
): Promise<void> {
  const deposit = async (extension: typeof ada) => {
    const message = house.message({ extension });
    const file = await recordings.begin({ kind: 'message', ...message });
    file.write(new Uint8Array(message.durationMs));
    await file.keep();
    await mailboxes.keep(message);
    told.kept.add(message.id);
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
  told.heard.add(first.id);
  await greet();
  await mailboxes.delete(ada, first.id);
  told.deleted.add(first.id);
  await house.clock.advance(HOUR + RESTORABLE_MS);
  const last = await deposit(ada);
  await mailboxes.setGreeting(ada, null);
  await greet();
  house.directory.delete(ada);
  told.deleted.add(last.id);
  await mailboxes.forget(ada);
}

/** The number of changes of the disk in `live`. */
const STEPS = 30;

/** Runs `live` until the power is cut; `isDone` where it was not. */
async function liveUntil(steps: number, house: MailboxHouse): Promise<{ isDone: boolean; told: Told }> {
  const told = new Told();
  const disk = powerCut(steps, house.ports);
  let isDone = false;
  void Mailboxes.open({ ...house.ports, ...disk })
    .then((mailboxes) => live(house, mailboxes, disk.recordings, told))
    .then(() => (isDone = true));
  await house.clock.advance(10 * HOUR);
  return { isDone, told };
}

test('the table below holds every step', async () => {
  expect((await liveUntil(STEPS - 1, new MailboxHouse())).isDone).toBe(false);
  expect((await liveUntil(STEPS, new MailboxHouse())).isDone).toBe(true);
});

test.for(Array.from({ length: STEPS + 1 }, (_, steps) => steps))(
  'the power is cut after %i changes of the disk: file and row are there together or not at all, and what was told is true',
  async (steps) => {
    const house = new MailboxHouse();
    const { told } = await liveUntil(steps, house);
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
    // What was announced as kept, heard or deleted is still so.
    const visible = [ada, ben].flatMap((extension) => mailboxes.messages(extension));
    for (const { id, heard } of visible)
      expect([heard, told.deleted.has(id)]).toEqual([told.heard.has(id), false]);
    for (const id of told.kept)
      if (!told.deleted.has(id)) expect(visible.map((message) => message.id)).toContain(id);
  },
);
