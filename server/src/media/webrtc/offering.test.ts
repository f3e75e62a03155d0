import { expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { systemChance } from '../../world/system-chance.ts';
import type { EndpointClosed } from '../endpoint.ts';
import { Arrivals, TestPeer } from '../support/test-peer.ts';
import type { TestPeerOptions } from '../support/test-peer.ts';
import { createWebRtcEngine } from './webrtc-engine.ts';

async function offering(options: TestPeerOptions = {}) {
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
  const peer = await TestPeer.open(options);
  onTestFinished(async () => {
    peer.close();
    await engine.close();
  });
  const endpoint = engine.endpoint();
  const connected = new Arrivals<true>();
  const closed = new Arrivals<EndpointClosed>();
  endpoint.listen({ connected: () => connected.add(true), closed: (reason) => closed.add(reason) });
  return { clock, engine, peer, endpoint, connected, closed };
}

test('checks that come before the answer are answered, and the handshake begins with the answer', async () => {
  const { peer, endpoint, connected } = await offering();
  const answer = peer.answer(await endpoint.offer());
  peer.check();
  await peer.stun.next();
  expect(endpoint.shakingHands).toBe(false);
  await endpoint.accept(answer);
  expect(endpoint.shakingHands).toBe(true);
  await Promise.all([connected.next(), peer.connected.next()]);
});

test('a peer that does not own the certificate of the answer is not let in', async () => {
  const fingerprint = Array<string>(32).fill('AB').join(':');
  const { peer, endpoint, closed } = await offering({ fingerprint });
  await endpoint.accept(peer.answer(await endpoint.offer()));
  peer.check();
  expect(await closed.next()).toBe('unauthenticated');
});

test('an offer that is never answered leaves nothing behind', async () => {
  const { engine, endpoint } = await offering();
  await endpoint.offer();
  endpoint.close();
  expect(engine.size).toBe(0);
});

test('another browser that answers a later offer shakes hands anew', async () => {
  const { peer, endpoint, connected } = await offering();
  await endpoint.accept(peer.answer(await endpoint.offer()));
  peer.check();
  await Promise.all([connected.next(), peer.connected.next()]);
  const other = await TestPeer.open();
  onTestFinished(() => other.close());
  await endpoint.accept(other.answer(await endpoint.offer()));
  expect(endpoint.connected).toBe(false);
  other.check();
  await Promise.all([connected.next(), other.connected.next()]);
});

test('packets that are sent one by one arrive at their place in time, unless nobody listens', async () => {
  const { peer, endpoint, connected, clock } = await offering();
  const agree = async (): Promise<void> => endpoint.accept(peer.answer(await endpoint.offer()));
  await agree();
  peer.check();
  await Promise.all([connected.next(), peer.connected.next()]);
  for (const frame of [10, 11, 13.5]) endpoint.send(Uint8Array.of(1), frame);
  peer.direction = 'inactive';
  await agree();
  expect(endpoint.hears).toBe(false);
  endpoint.send(Uint8Array.of(2), 14);
  peer.direction = 'sendrecv';
  await agree();
  const sound = { opus: [Uint8Array.of(3)], pcmu: [] };
  const played = endpoint.play([sound]);
  endpoint.send(Uint8Array.of(2), 15);
  await clock.advance(40);
  await played;
  const arrived = [
    await peer.rtp.next(),
    await peer.rtp.next(),
    await peer.rtp.next(),
    await peer.rtp.next(),
  ];
  expect(arrived.map(({ payload }) => payload[0])).toEqual([1, 1, 1, 3]);
  expect(
    arrived.slice(1, 3).map(({ timestamp }) => (timestamp - (arrived[0]?.timestamp ?? 0)) >>> 0),
  ).toEqual([960, 3360]);
});
