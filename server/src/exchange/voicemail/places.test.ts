import { expect, test } from 'vitest';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { Places } from './places.ts';

function mailboxWith(freeMs: number) {
  const clock = new VirtualClock();
  const mailbox = { freeMs };
  const places = new Places(clock, () => mailbox.freeMs);
  const started = clock.now();
  const ended: string[] = [];
  /** Records until the mailbox is full, and then needs 10 ms to be kept. */
  const record = (name: string) => {
    const place = places.take();
    const begun = clock.now();
    let isOver = false;
    place.begin(() => {
      if (isOver) return;
      isOver = true;
      ended.push(`${name} at ${String(clock.now() - started)}`);
      clock.after(10, () => {
        mailbox.freeMs -= clock.now() - begun - 10;
        place.release();
      });
    });
    return place;
  };
  return { clock, mailbox, places, ended, record };
}

test('a place that records nothing takes no room', async () => {
  const { clock, places } = mailboxWith(10_000);
  places.take();
  await clock.advance(60_000);
  expect([places.count, places.roomMs, clock.pending]).toEqual([1, 10_000, 0]);
});

test('recordings use up the room while they go on', async () => {
  const { clock, places, record } = mailboxWith(10_000);
  record('a');
  await clock.advance(2_000);
  record('b');
  await clock.advance(1_000);
  expect(places.roomMs).toBe(10_000 - 3_000 - 1_000);
});

test('recordings that share the room end together when it is used up, and never later', async () => {
  const { clock, mailbox, ended, record } = mailboxWith(10_000);
  record('a');
  await clock.advance(4_000);
  record('b');
  record('c');
  await clock.advance(60_000);
  expect(ended).toEqual(['a at 6000', 'b at 6000', 'c at 6000']);
  expect(mailbox.freeMs).toBe(0);
  expect(clock.pending).toBe(0);
});

test('a recording that ends early, or a deleted message, leaves its room to the others', async () => {
  const { clock, mailbox, places, ended, record } = mailboxWith(10_000);
  record('a');
  const b = record('b');
  await clock.advance(2_000);
  b.release(); // too short: it is not kept
  await clock.advance(5_000);
  mailbox.freeMs += 3_000;
  places.review();
  await clock.advance(60_000);
  expect(ended[0]).toBe('a at 13000');
});

test('a restored message takes its room from the recordings under way', async () => {
  const { clock, mailbox, places, ended, record } = mailboxWith(10_000);
  record('a');
  await clock.advance(2_000);
  mailbox.freeMs -= 9_000;
  places.review();
  expect(ended).toEqual(['a at 2000']);
});

test('a recording that begins without room ends at once', () => {
  const { ended, record } = mailboxWith(0);
  record('a');
  expect(ended).toEqual(['a at 0']);
});
