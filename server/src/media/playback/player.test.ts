import { expect, test } from 'vitest';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { Pacer } from './pacer.ts';
import { Player } from './player.ts';
import type { Sound } from './prompts.ts';

/** A sound of so many frames, each with its own number as its only octet. */
function sound(first: number, frames: number): Sound {
  const packets = Array.from({ length: frames }, (_, i) => Uint8Array.of(first + i));
  return { opus: packets, pcmu: packets };
}

function setUp() {
  const clock = new VirtualClock();
  const sent: { octet: number | undefined; frame: number; first: boolean }[] = [];
  const pacer = new Pacer(clock, (error) => {
    throw error;
  });
  const player = new Player(pacer, ({ opus }, index, frame, first) =>
    sent.push({ octet: opus[index]?.[0], frame, first }),
  );
  const outcomes: boolean[] = [];
  const play = (...sounds: Sound[]) => void player.play(sounds).then((finished) => outcomes.push(finished));
  return { clock, player, sent, outcomes, play, octets: () => sent.map(({ octet }) => octet) };
}

test('an utterance is one stream: frame after frame across its sounds, marked only at its beginning', async () => {
  const { clock, player, sent, play } = setUp();
  player.connected();
  play(sound(10, 2), sound(20, 3));
  await clock.advance(1000);
  expect(sent).toEqual([10, 11, 20, 21, 22].map((octet, i) => ({ octet, frame: i + 1, first: i === 0 })));
});

test('it is over when its last frame has had its 20 ms, not before', async () => {
  const { clock, player, outcomes, play } = setUp();
  player.connected();
  play(sound(0, 5));
  await clock.advance(119);
  expect(outcomes).toEqual([]);
  await clock.advance(1);
  expect(outcomes).toEqual([true]);
  expect(clock.pending).toBe(0);
});

test('without a connection it begins 1.2 s after the answer, and takes its time', async () => {
  const { clock, player, outcomes, octets, play } = setUp();
  await clock.advance(3000);
  player.answered();
  await clock.advance(500);
  play(sound(0, 5));
  await clock.advance(699);
  expect(octets()).toEqual([]);
  await clock.advance(1);
  expect(octets()).toEqual([0]);
  await clock.advance(100);
  expect(outcomes).toEqual([true]);
});

test('with the connection it begins at once, from its first frame', async () => {
  const { clock, player, octets, play } = setUp();
  player.answered();
  play(sound(0, 5));
  await clock.advance(300);
  player.connected();
  await clock.advance(40);
  expect(octets()).toEqual([0, 1]);
});

test('a connection that comes late changes nothing in what already plays', async () => {
  const { clock, player, octets, play } = setUp();
  play(sound(0, 5));
  await clock.advance(1240);
  player.connected();
  await clock.advance(200);
  expect(octets()).toEqual([0, 1, 2, 3, 4]);
});

test('interrupted, not one more frame is sent', async () => {
  const { clock, player, outcomes, octets, play } = setUp();
  player.connected();
  play(sound(0, 50));
  await clock.advance(100);
  player.interrupt();
  await clock.advance(1000);
  expect(octets()).toEqual([0, 1, 2, 3, 4]);
  expect(outcomes).toEqual([false]);
});

test('a new utterance interrupts the one before and begins from its own first frame', async () => {
  const { clock, player, outcomes, sent, play } = setUp();
  player.connected();
  play(sound(0, 50));
  await clock.advance(40);
  play(sound(100, 2));
  await clock.advance(200);
  expect(sent.map(({ octet, first }) => [octet, first])).toEqual([
    [0, true],
    [1, false],
    [100, true],
    [101, false],
  ]);
  expect(outcomes).toEqual([false, true]);
});

test('frames go on being counted in silence: the next utterance is later in RTP time', async () => {
  const { clock, player, sent, play } = setUp();
  player.connected();
  play(sound(0, 1));
  await clock.advance(5000);
  play(sound(1, 1));
  await clock.advance(100);
  expect(sent.map(({ frame }) => frame)).toEqual([1, 251]);
});

test('an endless one begins again in the frame after its last, until it is interrupted', async () => {
  const { clock, player, outcomes, sent } = setUp();
  player.connected();
  void player.play([sound(10, 2), sound(20, 1)], true).then((finished) => outcomes.push(finished));
  await clock.advance(160);
  expect(sent).toEqual(
    [10, 11, 20, 10, 11, 20, 10, 11].map((octet, i) => ({ octet, frame: i + 1, first: i === 0 })),
  );
  expect(outcomes).toEqual([]);
  player.interrupt();
  await clock.advance(100);
  expect([outcomes, sent.length, clock.pending]).toEqual([[false], 8, 0]);
});

test('an utterance without sounds is over at once', async () => {
  const { clock, player, outcomes, play } = setUp();
  player.connected();
  play();
  await clock.advance(20);
  expect(outcomes).toEqual([true]);
});
