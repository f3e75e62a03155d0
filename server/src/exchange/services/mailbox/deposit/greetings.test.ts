import type { ExtensionId } from '@perch/shared';
import { expect, test } from 'vitest';
import { oggOpusBody, oggOpusHead } from '../../../../media/ogg/ogg-opus-writer.ts';
import { soundFrames } from '../../../../media/playback/prompts.ts';
import type { Mailboxes } from '../../../voicemail/mailboxes.ts';
import type { VoicemailJournal } from '../../../voicemail/ports.ts';
import { ada, ben, MailboxHouse } from '../../../voicemail/support/test-mailboxes.ts';
import { Greetings } from './greetings.ts';

/** A greeting of that many frames of 20 ms. */
const file = (frames: number) =>
  Buffer.concat([
    oggOpusHead([]),
    oggOpusBody(Array.from({ length: frames }, (_, i) => Uint8Array.of(31 << 3, i & 0xff))),
  ]);

async function openGreetings() {
  const house = new MailboxHouse();
  const mailboxes = await house.open();
  /** What is read from the disk, in order. */
  const read: string[] = [];
  const { recordings } = house;
  const original = recordings.read.bind(recordings);
  recordings.read = (id) => {
    read.push(id);
    return original(id);
  };
  const greet = async (content: Uint8Array, extension = ada) => {
    const id = house.newId();
    const recording = await recordings.begin({ kind: 'greeting', id, extension });
    recording.write(content);
    await recording.keep();
    await mailboxes.setGreeting(extension, { id, durationMs: 1_000, at: 1 });
    return id;
  };
  return { house, mailboxes, read, greet, greetings: greetingsOf(mailboxes, house.ports.journal) };
}

test('a mailbox without a greeting has none to play', async () => {
  const { greetings, read } = await openGreetings();
  expect(await greetings.of(ada, 'opus')).toBeUndefined();
  expect(read).toEqual([]);
});

test('fifty callers at once hear one greeting, read once', async () => {
  const { greetings, greet, read } = await openGreetings();
  const id = await greet(file(50));
  const sounds = await Promise.all(Array.from({ length: 50 }, () => greetings.of(ada, 'opus')));
  expect(new Set(sounds).size).toBe(1);
  expect(sounds[0] && soundFrames(sounds[0])).toBe(50);
  expect(read).toEqual([id]);
});

test('a caller without Opus hears it too', async () => {
  const { greetings, greet } = await openGreetings();
  await greet(file(50));
  await greetings.of(ada, 'opus');
  expect((await greetings.of(ada, 'pcmu'))?.pcmu).toHaveLength(50);
});

test('a new greeting is heard from the next call on, and a removed one no longer', async () => {
  const { house, mailboxes, greetings, greet, read } = await openGreetings();
  const first = await greet(file(50));
  await greetings.of(ada, 'opus');
  const second = await greet(file(60));
  const sound = await greetings.of(ada, 'opus');
  expect(sound && soundFrames(sound)).toBe(60);
  expect(read).toEqual([first, second]);
  await mailboxes.setGreeting(ada, null);
  expect(await greetings.of(ada, 'opus')).toBeUndefined();
  expect(house.journal).toEqual([]);
});

test('the eight greetings used last stay ready', async () => {
  const { house, greetings, greet, read } = await openGreetings();
  await greet(file(50), ben);
  for (let n = 0; n < 8; n += 1) {
    await greet(file(50));
    await greetings.of(ben, 'opus');
    await greetings.of(ada, 'opus');
  }
  expect(read.filter((id) => id === house.recordings.kept[0])).toHaveLength(1);
  // Ada's eight other greetings push Ben's out.
  for (let n = 0; n < 8; n += 1) {
    await greet(file(50));
    await greetings.of(ada, 'opus');
  }
  await greetings.of(ben, 'opus');
  expect(read.filter((id) => id === house.recordings.kept[0])).toHaveLength(2);
});

test('a greeting that cannot be played is reported, the default is played instead, and the next call tries again', async () => {
  const { house, greetings, greet, read } = await openGreetings();
  await greet(Buffer.from('no sound at all'));
  for (let n = 0; n < 2; n += 1) expect(await greetings.of(ada, 'opus')).toBeUndefined();
  expect(read).toHaveLength(2);
  expect(house.journal).toHaveLength(2);
});

/** The greetings of these mailboxes, asked for by one call. */
function greetingsOf(mailboxes: Mailboxes, journal: VoicemailJournal) {
  const greetings = new Greetings(mailboxes);
  return { of: (extension: ExtensionId, codec: 'opus' | 'pcmu') => greetings.of(extension, codec, journal) };
}
