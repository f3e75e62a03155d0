import { expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { systemChance } from '../../world/system-chance.ts';
import { FakeMediaEngine } from '../support/fake-media.ts';
import { TestPeer } from '../support/test-peer.ts';
import { createWebRtcEngine } from '../webrtc/webrtc-engine.ts';
import { echo } from './echo.ts';

test.for([
  ['opus', 111, 960],
  ['pcmu', 0, 160],
] as const)(
  'a peer with %s is sent its own packets, as far apart as they came',
  async ([, payloadType, frame]) => {
    const clock = new VirtualClock();
    const engine = await createWebRtcEngine({
      ...{ chance: systemChance, port: 0, voices: new Map(), clock },
      onFailure: (error) => {
        throw error;
      },
    });
    const peer = await TestPeer.open({ formats: `${payloadType} 101` });
    onTestFinished(async () => {
      peer.close();
      await engine.close();
    });
    const endpoint = engine.endpoint();
    const connected = new Promise<void>((resolve) => void endpoint.listen({ connected: resolve }));
    peer.accept(await endpoint.answer(peer.offer()));
    peer.check();
    await Promise.all([connected, peer.connected.next()]);
    echo(endpoint);
    const sent = [0, 1, 2, 5].map((at) => ({ timestamp: at * frame, payload: Buffer.from([at, 1, 2]) }));
    const back = [];
    for (const packet of sent) {
      peer.sendRtp({ payloadType, ...packet });
      back.push(await peer.rtp.next());
      await clock.advance(20);
    }
    expect(back.map(({ payload }) => payload)).toEqual(sent.map(({ payload }) => payload));
    const [first] = back;
    expect(back.map(({ timestamp }) => (timestamp - (first?.timestamp ?? 0)) >>> 0)).toEqual(
      sent.map(({ timestamp }) => timestamp),
    );
  },
);

test('keys are not sent back, and a source that begins anew is sent back now', async () => {
  const clock = new VirtualClock();
  const endpoint = new FakeMediaEngine(clock).endpoint();
  endpoint.codec = 'opus';
  endpoint.connect();
  const begin = endpoint.frame;
  const stop = echo(endpoint);
  const say = (timestamp: number, ...octets: number[]): void =>
    endpoint.speak({ sequence: 0, timestamp, payload: Uint8Array.from(octets) });
  say(0, 1);
  await clock.advance(20);
  say(960);
  await clock.advance(1000);
  say(4_000_000_000, 2);
  await clock.advance(20);
  say(4_000_000_960, 3);
  stop();
  say(4_000_001_920, 4);
  expect(endpoint.sent).toEqual([
    { payload: Uint8Array.of(1), frame: begin },
    { payload: Uint8Array.of(2), frame: begin + 51 },
    { payload: Uint8Array.of(3), frame: begin + 52 },
  ]);
});
