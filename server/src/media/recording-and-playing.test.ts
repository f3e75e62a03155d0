import { expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../world/virtual-clock.ts';
import { oggOpusHead } from './ogg/ogg-opus-writer.ts';
import { salvage } from './ogg/ogg-opus-repair.ts';
import { OpusDecoder, OpusEncoder } from './codec/opus-codec.ts';
import { decodePcmu, encodePcmu } from './codec/pcmu.ts';
import { Recorder } from './recording/recorder.ts';
import { readRecording } from './playback/recording.ts';
import type { RtpExtension } from './rtp/rtp-extension.ts';
import { TestPeer } from './support/test-peer.ts';
import { readTone } from './support/tones.ts';
import { systemChance } from '../world/system-chance.ts';
import { createWebRtcEngine } from './webrtc/webrtc-engine.ts';

const SECONDS = 2;
const FRAMES = SECONDS * 50;

/** As browsers announce it: 20 dB below full scale, under the id that the peer offers. */
const audible: RtpExtension = { profile: 0xbede, octets: Buffer.from([0x30, 0x80 | 20, 0, 0]) };

/** A peer speaks a tone of 600 Hz; what was recorded is played back to it. */
async function talkAndListen(
  formats: string,
  send: { type: number; frame: number; payloads: readonly Uint8Array[] },
) {
  const clock = new VirtualClock();
  const engine = await createWebRtcEngine({
    chance: systemChance,
    port: 0,
    voices: new Map(),
    clock,
    onFailure: (error) => {
      throw error;
    },
  });
  const peer = await TestPeer.open({ formats });
  onTestFinished(async () => {
    peer.close();
    await engine.close();
  });
  const endpoint = engine.endpoint();
  peer.accept(await endpoint.answer(peer.offer()));
  const connected = new Promise<void>((resolve) => void endpoint.listen({ connected: resolve }));
  peer.check();
  await Promise.all([connected, peer.connected.next()]);

  const pages: Uint8Array[] = [oggOpusHead([])];
  const recorder = new Recorder({
    endpoint,
    clock,
    write: (octets) => pages.push(octets),
    longestMs: 60_000,
    silenceMs: 8000,
    ended: (why) => expect.unreachable(why),
  });
  for (const [i, payload] of send.payloads.entries()) {
    const arrived = new Promise<void>((resolve) => void endpoint.listen({ packet: () => resolve() }));
    peer.sendRtp({
      payloadType: send.type,
      timestamp: i * send.frame,
      payload: Buffer.from(payload),
      extension: audible,
    });
    await arrived;
    await clock.advance(20);
  }
  const figures = recorder.stop();
  const file = Buffer.concat(pages);
  if (!endpoint.codec) throw new Error('no codec was agreed on');
  const sound = await readRecording(file, endpoint.codec);

  const played = endpoint.play([sound]);
  await clock.advance(SECONDS * 1000 + 100);
  expect(await played).toBe(true);
  while (peer.rtp.all.length < FRAMES) await peer.rtp.next();
  return { figures, file, heard: peer.rtp.all.map(({ payload }) => payload) };
}

const tone = (rate: number): Int16Array[] =>
  Array.from({ length: FRAMES }, (_, frame) =>
    Int16Array.from({ length: rate / 50 }, (_sample, i) =>
      Math.round(8000 * Math.sin((2 * Math.PI * 600 * (frame * (rate / 50) + i)) / rate)),
    ),
  );

test('a browser hears what it said: the very packets', async () => {
  const encoder = new OpusEncoder(48_000, 32_000, 5);
  const payloads = tone(48_000).map((samples) => encoder.encode(samples));
  encoder.close();
  const { figures, file, heard } = await talkAndListen('111 0 101', { type: 111, frame: 960, payloads });
  expect(figures).toEqual({ durationMs: SECONDS * 1000, soundMs: SECONDS * 1000 });
  expect(salvage(file)?.file).toEqual(file);
  expect(heard.map((packet) => Uint8Array.from(packet))).toEqual(payloads);
  const decoder = new OpusDecoder(48_000);
  const samples = heard.flatMap((packet) => [...decoder.decode(packet)]);
  decoder.close();
  expect(readTone(samples, 48_000).frequency).toBeCloseTo(600, -1);
});

test('so does a peer with PCMU, whose recording is Opus all the same', async () => {
  const payloads = tone(8000).map(encodePcmu);
  const { figures, file, heard } = await talkAndListen('0 101', { type: 0, frame: 160, payloads });
  expect(figures).toEqual({ durationMs: SECONDS * 1000, soundMs: SECONDS * 1000 });
  expect(salvage(file)?.file).toEqual(file);
  expect(
    readTone(
      heard.flatMap((packet) => [...decodePcmu(packet)]),
      8000,
    ).frequency,
  ).toBeCloseTo(600, -1);
});
