import dgram from 'node:dgram';
import { once } from 'node:events';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { Arrivals, TestPeer } from '../support/test-peer.ts';
import { createWebRtcEngine } from './webrtc-engine.ts';
import type { WebRtcEngine } from './webrtc-engine.ts';
import { systemChance } from '../../world/system-chance.ts';

async function startEngine(): Promise<{ engine: WebRtcEngine; failures: unknown[]; clock: VirtualClock }> {
  const clock = new VirtualClock();
  const failures: unknown[] = [];
  const engine = await createWebRtcEngine({
    chance: systemChance,
    port: 0,
    voices: new Map(),
    clock,
    onFailure: (error) => failures.push(error),
  });
  onTestFinished(() => engine.close());
  return { engine, failures, clock };
}

async function call(engine: WebRtcEngine) {
  const peer = await TestPeer.open();
  onTestFinished(() => peer.close());
  const endpoint = engine.endpoint();
  const connected = new Arrivals<true>();
  endpoint.listen({ connected: () => connected.add(true) });
  peer.accept(await endpoint.answer(peer.offer()));
  return { peer, endpoint, connected };
}

test('two calls share one port and do not hear each other', async () => {
  const { engine } = await startEngine();
  const calls = [await call(engine), await call(engine)];
  const heard = calls.map(({ endpoint }) => {
    const packets = new Arrivals<string>();
    endpoint.listen({ packet: ({ payload }) => packets.add(Buffer.from(payload).toString()) });
    return packets;
  });
  for (const { peer, connected } of calls) {
    peer.check();
    await Promise.all([connected.next(), peer.connected.next()]);
  }
  calls.forEach(({ peer }, i) => peer.sendRtp({ payload: Buffer.from(`call ${i}`) }));
  expect(await Promise.all(heard.map((packets) => packets.next()))).toEqual(['call 0', 'call 1']);
});

test('a port that is taken is an error at the start', async () => {
  const socket = dgram.createSocket('udp4').bind(0);
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  const taken = createWebRtcEngine({
    chance: systemChance,
    port: socket.address().port,
    voices: new Map(),
    clock: new VirtualClock(),
    onFailure: () => undefined,
  });
  await expect(taken).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('datagrams of any kind, from strangers and from a peer in a call, are ignored and the call goes on', async () => {
  const { engine, failures } = await startEngine();
  const { peer, endpoint, connected } = await call(engine);
  peer.check();
  await connected.next();
  await peer.connected.next();
  const stranger = dgram.createSocket('udp4');
  onTestFinished(() => void stranger.close());

  const first = fc.oneof(fc.constantFrom(0, 1, 20, 21, 22, 23, 63, 128, 129, 144, 176, 191), fc.nat(255));
  const datagram = fc
    .tuple(first, fc.uint8Array({ maxLength: 120 }))
    .map(([octet, rest]) => Buffer.from([octet, ...rest]));
  fc.assert(
    fc.property(datagram, (octets) => {
      peer.send(octets);
      stranger.send(octets, engine.port, '127.0.0.1');
    }),
    { numRuns: 500 },
  );
  peer.stun.all.length = 0;
  peer.check();
  await peer.stun.next();

  expect(endpoint.connected).toBe(true);
  expect(failures).toEqual([]);
  expect(engine.ignored.junk).toBeGreaterThan(0);
  expect(engine.ignored.stranger).toBeGreaterThan(0);
});

test('a listener that throws is reported, the others are still told, and the port goes on serving', async () => {
  const { engine, failures } = await startEngine();
  const { peer, endpoint, connected } = await call(engine);
  peer.check();
  await connected.next();
  await peer.connected.next();
  const packets = new Arrivals<true>();
  endpoint.listen({
    packet: () => {
      throw new Error('ours');
    },
  });
  endpoint.listen({ packet: () => packets.add(true) });
  peer.sendRtp({});
  peer.sendRtp({});
  await packets.next();
  await packets.next();
  expect(failures).toEqual([new Error('ours'), new Error('ours')]);
});

test('handshakes under way are bounded; a refused peer begins with a later check', async () => {
  const { engine, clock } = await startEngine();
  const deaf = await TestPeer.open({ deaf: true });
  onTestFinished(() => deaf.close());
  const endpoints = [];
  for (let i = 0; i < 65; i++) {
    const endpoint = engine.endpoint();
    deaf.accept(await endpoint.answer(deaf.offer()));
    deaf.check();
    await deaf.stun.next();
    endpoints.push(endpoint);
  }
  expect(endpoints.filter((endpoint) => endpoint.shakingHands)).toHaveLength(64);
  await clock.advance(10_000); // the 64 are given up
  deaf.check();
  await deaf.stun.next();
  expect(endpoints.map((endpoint) => endpoint.shakingHands)).toEqual([
    ...Array<boolean>(64).fill(false),
    true,
  ]);
});

test('an unknown sound is our mistake and says so', async () => {
  const { engine } = await startEngine();
  expect(() => engine.endpoint().play(['no such sound'])).toThrow('there is no sound "no such sound"');
});

test('closing the engine ends every call', async () => {
  const { engine } = await startEngine();
  const { endpoint } = await call(engine);
  const reasons: string[] = [];
  endpoint.listen({ closed: (reason) => reasons.push(reason) });
  await engine.close();
  await engine.close();
  expect(reasons).toEqual(['local']);
  expect(engine.size).toBe(0);
});
