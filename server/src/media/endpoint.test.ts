import { describe, expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../world/virtual-clock.ts';
import { UnacceptableOffer } from './endpoint.ts';
import type { EndpointListener, MediaEndpoint, MediaEngine } from './endpoint.ts';
import { FakeMediaEngine } from './support/fake-media.ts';
import type { FakeEndpoint } from './support/fake-media.ts';
import { Arrivals, TestPeer } from './support/test-peer.ts';
import { systemChance } from '../world/system-chance.ts';
import { createWebRtcEngine } from './webrtc/webrtc-engine.ts';

/** What every media engine promises (`endpoint.ts`), the product's and the fake. Each sound here takes one second. */
interface Subject {
  readonly clock: VirtualClock;
  readonly engine: MediaEngine;
  readonly endpoint: MediaEndpoint;
  readonly offer: string;
  /** The peer connects; resolves when the endpoint has said so. */
  connect(): Promise<void>;
  press(keys: string): Promise<void>;
  /** The peer ends the call. */
  leave(): Promise<void>;
}

async function fake(): Promise<Subject> {
  const clock = new VirtualClock();
  const engine = new FakeMediaEngine(clock);
  const endpoint: FakeEndpoint = engine.endpoint();
  return {
    clock,
    engine,
    endpoint,
    offer: 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n',
    connect: async () => endpoint.connect(),
    press: async (keys) => endpoint.press(keys),
    leave: async () => endpoint.lose('peer-closed'),
  };
}

async function webRtc(): Promise<Subject> {
  const clock = new VirtualClock();
  const frames = Array.from({ length: 50 }, () => Uint8Array.of(0));
  const sounds = new Map(['a', 'b'].map((name) => [name, { opus: frames, pcmu: frames }]));
  const engine = await createWebRtcEngine({
    chance: systemChance,
    port: 0,
    sounds,
    clock,
    onFailure: (error) => {
      throw error;
    },
  });
  const peer = await TestPeer.open();
  onTestFinished(async () => {
    peer.close();
    await engine.close();
  });
  const endpoint = engine.endpoint();
  const happened = new Arrivals<string>();
  endpoint.listen({
    connected: () => happened.add('connected'),
    digit: (digit) => happened.add(digit),
    closed: () => happened.add('closed'),
  });
  let timestamp = 0;
  return {
    clock,
    engine,
    endpoint,
    offer: peer.offer(),
    connect: async () => {
      peer.accept(await endpoint.answer(peer.offer()));
      peer.check();
      await Promise.all([happened.next(), peer.connected.next()]);
    },
    press: async (keys) => {
      for (const key of keys) {
        peer.press(key, (timestamp += 2000));
        await happened.next();
      }
    },
    leave: async () => {
      peer.alert(1, 0);
      await happened.next();
    },
  };
}

function hear(endpoint: MediaEndpoint): string[] {
  const heard: string[] = [];
  const listener: EndpointListener = {
    connected: () => heard.push('connected'),
    digit: (digit) => heard.push(digit),
    closed: (reason) => heard.push(reason),
  };
  endpoint.listen(listener);
  return heard;
}

/** The outcome of a `play`, once there is one. */
function outcomeOf(played: Promise<boolean>): { readonly value: boolean | undefined } {
  const outcome: { value: boolean | undefined } = { value: undefined };
  void played.then((finished) => (outcome.value = finished));
  return outcome;
}

describe.for([
  ['the fake', fake],
  ['WebRTC', webRtc],
] as const)('%s', ([, open]) => {
  test('answers an offer of audio', async () => {
    const { endpoint, offer } = await open();
    expect(await endpoint.answer(offer)).toMatch(/^v=0\r\n[^]*m=audio [1-9]/);
  });

  test('answers again with a higher version', async () => {
    const { endpoint, offer } = await open();
    const versions = [await endpoint.answer(offer), await endpoint.answer(offer)].map((answer) =>
      Number(/^o=- \d+ (\d+)/m.exec(answer)?.[1]),
    );
    expect(versions[1]).toBeGreaterThan(versions[0] ?? Infinity);
  });

  test.for([
    ['none', ''],
    ['without audio', 'v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n'],
    ['whose audio is rejected', 'v=0\r\nm=audio 0 UDP/TLS/RTP/SAVPF 111\r\n'],
  ] as const)('rejects an offer that is %s', async ([, offer]) => {
    const { endpoint } = await open();
    await expect(endpoint.answer(offer)).rejects.toThrow(UnacceptableOffer);
  });

  test('is connected once the peer is, and says so once', async () => {
    const { endpoint, connect } = await open();
    const heard = hear(endpoint);
    expect(endpoint.connected).toBe(false);
    await connect();
    expect(endpoint.connected).toBe(true);
    expect(heard).toEqual(['connected']);
  });

  test('says what codec was agreed on', async () => {
    const { endpoint, connect, offer } = await open();
    expect(endpoint.codec).toBeUndefined();
    await endpoint.answer(offer);
    await connect();
    expect(endpoint.codec).toBe('opus');
  });

  test('a listener that has had enough hears no more', async () => {
    const { endpoint, connect, press, leave } = await open();
    const all = hear(endpoint);
    const heard: string[] = [];
    const stop = endpoint.listen({ digit: (digit) => heard.push(digit) });
    await connect();
    await press('1');
    stop();
    stop();
    await press('2');
    await leave();
    expect(heard).toEqual(['1']);
    expect(all).toEqual(['connected', '1', '2', 'peer-closed']);
  });

  test('reports keys in their order', async () => {
    const { endpoint, connect, press } = await open();
    await connect();
    const heard = hear(endpoint);
    await press('4071#');
    expect(heard).toEqual(['4', '0', '7', '1', '#']);
  });

  test('plays an utterance in its time, connected', async () => {
    const { clock, endpoint, connect } = await open();
    await connect();
    const outcome = outcomeOf(endpoint.play(['a', 'b']));
    await clock.advance(1900);
    expect(outcome.value).toBeUndefined();
    await clock.advance(200);
    expect(outcome.value).toBe(true);
  });

  test('plays a recording among the prompts, frame by frame', async () => {
    const { clock, endpoint, connect } = await open();
    await connect();
    const packet = Uint8Array.of(0);
    const recording = { opus: [packet, undefined, packet, ...Array<undefined>(47)], pcmu: [] };
    const outcome = outcomeOf(endpoint.play(['a', recording]));
    await clock.advance(1900);
    expect(outcome.value).toBeUndefined();
    await clock.advance(200);
    expect(outcome.value).toBe(true);
  });

  test('plays an utterance in its time, or little more, for a peer that never connects', async () => {
    const { clock, endpoint } = await open();
    const outcome = outcomeOf(endpoint.play(['a', 'b']));
    await clock.advance(1900);
    expect(outcome.value).toBeUndefined();
    await clock.advance(1500);
    expect(outcome.value).toBe(true);
  });

  test.for([
    ['`interrupt`', async ({ endpoint }: Subject): Promise<void> => endpoint.interrupt()],
    ['another `play`', async ({ endpoint }: Subject): Promise<void> => void endpoint.play(['b'])],
    ['`close`', async ({ endpoint }: Subject): Promise<void> => endpoint.close()],
    ['the peer', ({ leave }: Subject) => leave()],
  ] as const)('an utterance is interrupted by %s', async ([, interrupt]) => {
    const subject = await open();
    await subject.connect();
    const played = subject.endpoint.play(['a', 'b']);
    await subject.clock.advance(500);
    await interrupt(subject);
    expect(await played).toBe(false);
  });

  test('`interrupt` in silence does nothing', async () => {
    const { clock, endpoint } = await open();
    endpoint.interrupt();
    const outcome = outcomeOf(endpoint.play(['a']));
    await clock.advance(3000);
    endpoint.interrupt();
    expect(outcome.value).toBe(true);
  });

  test.for([
    ['local', async ({ endpoint }: Subject): Promise<void> => endpoint.close()],
    ['local', ({ engine }: Subject) => engine.close()],
    ['peer-closed', ({ leave }: Subject) => leave()],
  ] as const)('is closed once, as %s, and does nothing afterwards', async ([reason, end]) => {
    const subject = await open();
    await subject.connect();
    const heard = hear(subject.endpoint);
    await end(subject);
    subject.endpoint.close();
    expect(heard).toEqual([reason]);
    expect(subject.endpoint.connected).toBe(false);
    expect(await subject.endpoint.play(['a'])).toBe(false);
    await expect(subject.endpoint.answer(subject.offer)).rejects.toThrow(UnacceptableOffer);
  });
});
