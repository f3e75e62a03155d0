import { onTestFinished, describe, expect, test } from 'vitest';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { makeCertificate } from '../dtls/dtls-certificate.ts';
import type { EndpointClosed, MediaPacket } from '../endpoint.ts';
import { UnacceptableOffer } from '../endpoint.ts';
import type { Sound, Voices } from '../playback/prompts.ts';
import { Arrivals, TestPeer } from '../support/test-peer.ts';
import type { TestPeerOptions } from '../support/test-peer.ts';
import { createWebRtcEngine } from './webrtc-engine.ts';
import type { WebRtcEngine } from './webrtc-engine.ts';
import type { WebRtcEndpoint } from './webrtc-endpoint.ts';
import { systemChance } from '../../world/system-chance.ts';

/** One second, each frame with its number as its first octet. */
const second: Sound = {
  opus: Array.from({ length: 50 }, (_, i) => Uint8Array.of(i, 1)),
  pcmu: Array.from({ length: 50 }, (_, i) => Uint8Array.of(i, 2)),
};
const voices: Voices = new Map([['en', new Map([['second', second]])]]);

async function startEngine() {
  const clock = new VirtualClock();
  const failures: unknown[] = [];
  const engine = await createWebRtcEngine({
    chance: systemChance,
    port: 0,
    voices,
    clock,
    onFailure: (error) => failures.push(error),
  });
  onTestFinished(async () => {
    await engine.close();
    expect(failures).toEqual([]);
    expect(engine.size).toBe(0);
  });
  return { engine, clock };
}

/** What an endpoint reports, to be awaited. */
function listenTo(endpoint: WebRtcEndpoint) {
  const connected = new Arrivals<true>();
  const digits = new Arrivals<string>();
  const packets = new Arrivals<MediaPacket>();
  const closed = new Arrivals<EndpointClosed>();
  endpoint.listen({
    connected: () => connected.add(true),
    digit: (digit) => digits.add(digit),
    packet: (packet) => packets.add(packet),
    closed: (reason) => closed.add(reason),
  });
  return { connected, digits, packets, closed };
}

async function openPeer(options?: TestPeerOptions): Promise<TestPeer> {
  const peer = await TestPeer.open(options);
  onTestFinished(() => peer.close());
  return peer;
}

/** An engine, an endpoint and a peer that has its answer. */
async function answeredCall(options?: TestPeerOptions) {
  const { engine, clock } = await startEngine();
  const peer = await openPeer(options);
  const endpoint = engine.endpoint();
  const events = listenTo(endpoint);
  peer.accept(await endpoint.answer(peer.offer()));
  return { engine, clock, peer, endpoint, ...events };
}

async function connectedCall(options?: TestPeerOptions) {
  const call = await answeredCall(options);
  call.peer.check();
  await Promise.all([call.connected.next(), call.peer.connected.next()]);
  return call;
}

/** A DTLS record of any kind. */
function record(type: number, epoch: number, body: readonly number[]): Buffer {
  const header = [type, 0xfe, 0xfd, 0, epoch, 0, 0, 0, 0, 0, 1, 0, body.length];
  return Buffer.from([...header, ...body]);
}

/** Like `settled`, without a check: the last datagram is junk, which is counted. */
async function dealtWith(engine: WebRtcEngine, peer: TestPeer): Promise<void> {
  const { junk } = engine.ignored;
  peer.send(Buffer.from([5]));
  while (engine.ignored.junk === junk) await new Promise(setImmediate);
}

/** Everything that the peer sent earlier has been handled: datagrams do not overtake each other on loopback. */
async function settled({ peer }: { readonly peer: TestPeer }): Promise<void> {
  const before = peer.stun.all.length;
  peer.check();
  while (peer.stun.all.length === before) await peer.stun.next();
}

describe('a call', () => {
  test.for([
    ['AEAD_AES_128_GCM', { srtpProfile: 7 }],
    ['AES_CM_128_HMAC_SHA1_80', { srtpProfile: 1 }],
    ['IPv6', { family: 'udp6' }],
  ] as const)('connects and carries sound both ways: %s', async ([, options]) => {
    const { peer, endpoint, clock, packets } = await connectedCall(options);
    expect(endpoint.connected).toBe(true);

    peer.sendRtp({ sequence: 5, timestamp: 960, payload: Buffer.from('hello') });
    expect(await packets.next()).toEqual({ sequence: 5, timestamp: 960, payload: Buffer.from('hello') });

    void endpoint.play(['second']);
    await clock.advance(20);
    expect(await peer.rtp.next()).toMatchObject({
      payloadType: 111,
      payload: Buffer.from([0, 1]),
      marker: true,
    });
  });

  test('sends 50 frames a second, whose timestamps run on through silence', async () => {
    const { peer, endpoint, clock } = await connectedCall();
    const finished = endpoint.play(['second']);
    await clock.advance(1100);
    expect(await finished).toBe(true);
    await clock.advance(1000);
    void endpoint.play(['second']);
    await clock.advance(20);
    while (peer.rtp.all.length < 51) await peer.rtp.next();

    const [first, ...rest] = peer.rtp.all;
    if (!first) throw new Error('fifty-one packets have a first');
    const since = rest.map(({ sequence, timestamp }) => [
      (sequence - first.sequence) & 0xffff,
      (timestamp - first.timestamp) >>> 0,
    ]);
    const steady = Array.from({ length: 49 }, (_, i) => [i + 1, (i + 1) * 960]);
    expect(since).toEqual([...steady, [50, 105 * 960]]);
    expect(peer.rtp.all.map(({ marker }) => marker).filter(Boolean)).toHaveLength(2);
  });

  test('speaks PCMU to a peer without Opus', async () => {
    const { peer, endpoint, clock } = await connectedCall({ formats: '0 101' });
    void endpoint.play(['second']);
    await clock.advance(40);
    const [first, next] = [await peer.rtp.next(), await peer.rtp.next()];
    expect(first).toMatchObject({ payloadType: 0, payload: Buffer.from([0, 2]) });
    expect((next.timestamp - first.timestamp) >>> 0).toBe(160);
  });

  test('says how loud a packet is, where the peer says it', async () => {
    const { peer, packets } = await connectedCall();
    peer.sendRtp({ extension: { profile: 0xbede, octets: Buffer.from([0x30, 0x80 | 42, 0, 0]) } });
    peer.sendRtp({ extension: { profile: 0xbede, octets: Buffer.from([0x10, 0x80 | 42, 0, 0]) } });
    expect([await packets.next(), await packets.next()].map(({ level }) => level)).toEqual([42, undefined]);
  });

  test('reports each key once, and DTMF as packets without payload', async () => {
    const { peer, digits, packets } = await connectedCall();
    peer.press('4', 1000);
    peer.press('#', 3000);
    expect([await digits.next(), await digits.next()]).toEqual(['4', '#']);
    while (packets.all.length < 8) await packets.next();
    expect(packets.all.every(({ payload }) => payload.length === 0)).toBe(true);
    expect(digits.all).toEqual(['4', '#']);
  });

  test('a key stops a prompt within its frame', async () => {
    const { peer, endpoint, clock, digits } = await connectedCall();
    endpoint.listen({ digit: () => endpoint.interrupt() });
    const outcome = endpoint.play(['second', 'second']);
    await clock.advance(100);
    peer.press('1', 1000);
    await digits.next();
    expect(await outcome).toBe(false);
    await clock.advance(1000);
    await settled({ peer });
    expect(peer.rtp.all).toHaveLength(5);
  });

  test('on hold sends nothing, though the time passes; resumed, it is heard again', async () => {
    const { peer, endpoint, clock } = await connectedCall();
    for (const direction of ['sendonly', 'inactive']) {
      peer.direction = direction;
      expect(await endpoint.answer(peer.offer())).toMatch(/m=audio [1-9]/);
      const finished = endpoint.play(['second']);
      await clock.advance(1100);
      expect(await finished).toBe(true);
    }
    await settled({ peer });
    expect(peer.rtp.all).toEqual([]);

    peer.direction = 'sendrecv';
    await endpoint.answer(peer.offer());
    void endpoint.play(['second']);
    await clock.advance(20);
    expect(await peer.rtp.next()).toMatchObject({ payloadType: 111 });
  });

  test('answers keep one session id, and their version rises (RFC 3264 §8)', async () => {
    const { peer, endpoint } = await connectedCall();
    const origins = [];
    for (let i = 0; i < 3; i++) {
      const [, id, version] = /^o=- (\d+) (\d+)/m.exec(await endpoint.answer(peer.offer())) ?? [];
      origins.push([id, Number(version)]);
    }
    const [[id] = []] = origins;
    expect(origins).toEqual([
      [id, 2],
      [id, 3],
      [id, 4],
    ]);
  });

  test('reports its reception every 5 s, and its sending once it has sent', async () => {
    const { peer, endpoint, clock } = await connectedCall();
    await clock.advance(5000);
    expect((await peer.rtcp.next()).subarray(0, 2)).toEqual(Buffer.from([0x80, 201]));
    peer.sendRtp({});
    await settled({ peer });
    void endpoint.play(['second']);
    await clock.advance(5000);
    expect((await peer.rtcp.next()).subarray(0, 2)).toEqual(Buffer.from([0x81, 200]));
  });
});

describe('an ICE restart', () => {
  test('gives new credentials and moves the sound to the new path, under the same DTLS', async () => {
    const { peer, endpoint, clock, connected } = await connectedCall();
    peer.ufrag = 'peer2';
    const answer = await endpoint.answer(peer.offer());
    void endpoint.play(['second']);
    await clock.advance(20);
    expect(await peer.rtp.next()).toBeDefined(); // on the old path meanwhile

    const before = peer.credentials;
    peer.accept(answer);
    expect(peer.credentials.ufrag).not.toBe(before.ufrag);
    expect(peer.credentials.password).not.toBe(before.password);
    await settled({ peer });
    await clock.advance(20);
    expect(await peer.rtp.next()).toBeDefined();
    expect(connected.all).toHaveLength(1);
  });

  test('does not happen on an offer with the same credentials', async () => {
    const { peer, endpoint } = await connectedCall();
    const ufrag = async () => /a=ice-ufrag:(\S+)/.exec(await endpoint.answer(peer.offer()))?.[1];
    expect(await ufrag()).toBe(await ufrag());
  });
});

describe('the same browser continues', () => {
  test.for<[string, (offer: string, fingerprint: string) => string]>([
    [
      'where its fingerprint is in the session, too',
      (offer, line) => offer.replace('t=0 0\r\n', `t=0 0\r\n${line}\r\n`),
    ],
    ['where its fingerprint is there twice', (offer, line) => offer.replace(line, `${line}\r\n${line}`)],
    [
      'where its certificate has one more hash',
      (offer, line) => offer.replace(line, `${line}\r\na=fingerprint:sha-512 00:11:22`),
    ],
  ])('%s', async ([, changed]) => {
    const { peer, endpoint, packets } = await connectedCall();
    const offer = peer.offer();
    const [line = ''] = /a=fingerprint:.*(?=\r\n)/.exec(offer) ?? [];
    await endpoint.answer(changed(offer, line));
    expect(endpoint.connected).toBe(true);
    peer.sendRtp({ payload: Buffer.from('on') });
    expect(await packets.next()).toMatchObject({ payload: Buffer.from('on') });
  });
});

describe('another browser that continues the call', () => {
  test('may have the same certificate and say by its tls-id that its keys are new', async () => {
    const { peer, endpoint } = await connectedCall();
    const offer = (id: string): string => `${peer.offer()}a=tls-id:${id}\r\n`;
    await endpoint.answer(offer('one'));
    expect(endpoint.connected).toBe(true);
    await endpoint.answer(offer('two'));
    expect(endpoint.connected).toBe(false);
  });

  test('is connected afresh, and the old one is no longer heard', async () => {
    const { peer, endpoint, clock, connected, packets, engine } = await connectedCall();
    const successor = await openPeer();
    successor.ufrag = 'other';
    successor.accept(await endpoint.answer(successor.offer()));
    expect(endpoint.connected).toBe(false);
    peer.check();
    peer.sendRtp({ payload: Buffer.from('old') });

    successor.check();
    await Promise.all([connected.next(), successor.connected.next()]);
    successor.sendRtp({ payload: Buffer.from('new') });
    expect(await packets.next()).toMatchObject({ payload: Buffer.from('new') });
    expect(engine.ignored.unknownFragment).toBe(1);
    void endpoint.play(['second']);
    await clock.advance(20);
    expect(await successor.rtp.next()).toBeDefined();
  });
});

describe('the end', () => {
  test.for([
    ['a close_notify', 1, 0],
    ['a fatal alert', 2, 40],
  ] as const)("is the peer's by %s", async ([, level, description]) => {
    const { peer, endpoint, closed } = await connectedCall();
    peer.alert(level, description);
    expect(await closed.next()).toBe('peer-closed');
    expect(endpoint.connected).toBe(false);
  });

  test('comes after 15 s of silence on a connected endpoint', async () => {
    const { peer, clock, closed } = await connectedCall();
    await clock.advance(10_000);
    await settled({ peer });
    await clock.advance(15_000);
    expect(closed.all).toEqual([]);
    await clock.advance(1000);
    expect(closed.all).toEqual(['timeout']);
  });

  test('does not come while sound arrives, even without checks', async () => {
    const { peer, clock, closed, packets } = await connectedCall();
    for (let i = 0; i < 4; i++) {
      await clock.advance(10_000);
      peer.sendRtp({});
      await packets.next();
    }
    expect(closed.all).toEqual([]);
  });

  test('does not come to an endpoint that was never connected', async () => {
    const { clock, closed, endpoint } = await answeredCall();
    await clock.advance(120_000);
    expect(closed.all).toEqual([]);
    endpoint.close();
    expect(closed.all).toEqual(['local']);
  });

  test('leaves nothing behind, answers nothing more, and is reported once', async () => {
    const { peer, endpoint, closed, engine } = await connectedCall();
    const playing = endpoint.play(['second']);
    endpoint.close();
    endpoint.close();
    expect(await playing).toBe(false);
    expect(await endpoint.play(['second'])).toBe(false);
    expect(closed.all).toEqual(['local']);
    expect(engine.size).toBe(0);
    await expect(endpoint.answer(peer.offer())).rejects.toThrow(UnacceptableOffer);
    peer.check();
    peer.sendRtp({});
    await dealtWith(engine, peer);
    expect(engine.ignored).toMatchObject({ unknownFragment: 1, stranger: 1 });
  });
});

describe('attacks', () => {
  test('a wrong ICE password: no answer, no handshake', async () => {
    const { peer, engine, endpoint } = await answeredCall();
    peer.check({ password: 'guessed' });
    peer.check({ fragment: 'nobody' });
    await settled({ peer });
    expect(peer.stun.all).toHaveLength(1);
    expect(engine.ignored).toMatchObject({ forged: 1, unknownFragment: 1 });
    expect(endpoint.connected).toBe(false);
  });

  test('a peer that believes itself controlled is told to change roles: 487', async () => {
    const { peer } = await answeredCall();
    peer.check({ controlled: true });
    expect((await peer.stun.next()).readUInt16BE(0)).toBe(0x0111);
  });

  test.for([
    [
      'a certificate that the offer did not announce',
      async () => ({ fingerprint: (await makeCertificate()).fingerprint.value }),
    ],
    ['the announced certificate without its key', async () => ({ keyPem: (await makeCertificate()).keyPem })],
    ['no extended master secret', async () => ({ extendedMasterSecret: false })],
  ] as const)('%s: unauthenticated', async ([, options]) => {
    const { peer, closed } = await answeredCall(await options());
    peer.check();
    expect(await closed.next()).toBe('unauthenticated');
  });

  test('a peer whose Finished is not of this handshake: unauthenticated', async () => {
    const { peer, closed, connected } = await answeredCall({ finished: Buffer.alloc(12) });
    peer.check();
    expect(await closed.next()).toBe('unauthenticated');
    expect(connected.all).toEqual([]);
  });

  test('a handshake that takes more datagrams than any honest one is given up', async () => {
    const { peer, closed } = await answeredCall({ deaf: true });
    await settled({ peer });
    for (let i = 0; i < 101; i++) peer.send(record(22, 0, [11, 0, 9, 0, 0, 5, 0, 0, 0, 0, 0, 1, i]));
    expect(await closed.next()).toBe('handshake-failed');
  });

  test('a handshake that does not end is given up', async () => {
    const { peer, clock, closed } = await answeredCall({ deaf: true });
    await settled({ peer });
    await clock.advance(9999);
    expect(closed.all).toEqual([]);
    await clock.advance(1);
    expect(closed.all).toEqual(['handshake-failed']);
  });

  test('replayed SRTP is not accepted', async () => {
    const { peer, packets } = await connectedCall();
    const datagram = peer.sendRtp({ sequence: 1 });
    peer.send(datagram);
    peer.sendRtp({ sequence: 2 });
    await packets.next();
    expect(await packets.next()).toMatchObject({ sequence: 2 });
    expect(packets.all).toHaveLength(2);
  });

  test('forged RTP and RTCP do not keep a call alive', async () => {
    const { engine, peer, clock, closed } = await connectedCall();
    const rtp = peer.sendRtp({});
    await settled({ peer });
    await clock.advance(14_000);
    peer.send(rtp); // a replay
    peer.send(Buffer.from(rtp.map((octet, i) => (i > 12 ? octet ^ 1 : octet))));
    peer.send(Buffer.concat([Buffer.from([0x80, 200]), Buffer.alloc(60)]));
    await dealtWith(engine, peer);
    await clock.advance(2000);
    expect(closed.all).toEqual(['timeout']);
  });

  test.for([
    ['an alert in the clear', (peer: TestPeer) => peer.alert(1, 0, false)],
    ['an alert of another epoch, not encrypted', (peer: TestPeer) => peer.send(record(21, 1, [1, 0]))],
    ['a record of no known type', (peer: TestPeer) => peer.send(record(63, 1, [1, 0]))],
    ['a hello after the handshake', (peer: TestPeer) => peer.send(record(22, 0, Array<number>(40).fill(2)))],
  ] as const)('%s does not end a call', async ([, attack]) => {
    const { peer, endpoint } = await connectedCall();
    attack(peer);
    await settled({ peer });
    expect(endpoint.connected).toBe(true);
  });

  test('a Finished in the clear does not make a handshake succeed', async () => {
    const { peer, closed, connected } = await answeredCall({ keyPem: (await makeCertificate()).keyPem });
    peer.check();
    await peer.stun.next();
    for (let sequence = 0; sequence < 8; sequence++) {
      const header = [20, 0, 0, 12, 0, sequence, 0, 0, 0, 0, 0, 12];
      peer.send(record(22, 0, [...header, ...Array<number>(12).fill(0)]));
    }
    await closed.next();
    expect(connected.all).toEqual([]);
  });
});
