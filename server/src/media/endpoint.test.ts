import { describe, expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../world/virtual-clock.ts';
import { UnacceptableAnswer, UnacceptableOffer } from './endpoint.ts';
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
  /** The peer's. */
  readonly offer: string;
  /** The peer's, to an offer of the endpoint's. */
  answerTo(offer: string): string;
  /** The peer connects; resolves when the endpoint has said so. */
  connect(): Promise<void>;
  /** The same, where the endpoint offers and the peer answers. */
  connectAnswering(): Promise<void>;
  press(keys: string): Promise<void>;
  /** The peer ends the call. */
  leave(): Promise<void>;
}

async function fake(): Promise<Subject> {
  const clock = new VirtualClock();
  const engine = new FakeMediaEngine(clock);
  const audio = 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n';
  const endpoint: FakeEndpoint = engine.endpoint();
  return {
    clock,
    engine,
    endpoint,
    offer: audio,
    answerTo: () => audio,
    connect: async () => endpoint.connect(),
    connectAnswering: async () => {
      await endpoint.offer();
      await endpoint.accept(audio);
      endpoint.connect();
    },
    press: async (keys) => endpoint.press(keys),
    leave: async () => endpoint.lose('peer-closed'),
  };
}

async function webRtc(): Promise<Subject> {
  const clock = new VirtualClock();
  const frames = Array.from({ length: 50 }, () => Uint8Array.of(0));
  const sounds = new Map(['a', 'b'].map((name) => [name, { opus: frames, pcmu: frames }]));
  const voices = new Map([
    ['en', sounds] as const,
    ['ro', new Map([...sounds, ['only', { opus: frames, pcmu: frames }]])] as const,
  ]);
  const engine = await createWebRtcEngine({
    chance: systemChance,
    port: 0,
    voices,
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
    answerTo: (offer) => peer.answer(offer),
    connect: async () => {
      peer.accept(await endpoint.answer(peer.offer()));
      peer.check();
      await Promise.all([happened.next(), peer.connected.next()]);
    },
    connectAnswering: async () => {
      await endpoint.accept(peer.answer(await endpoint.offer()));
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

const versionOf = (sdp: string): number => Number(/^o=- \d+ (\d+)/m.exec(sdp)?.[1]);

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
    const first = await endpoint.answer(offer);
    expect(versionOf(await endpoint.answer(offer))).toBeGreaterThan(versionOf(first));
  });

  test.for([
    ['none', ''],
    ['without audio', 'v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n'],
    ['whose audio is rejected', 'v=0\r\nm=audio 0 UDP/TLS/RTP/SAVPF 111\r\n'],
  ] as const)('rejects an offer that is %s', async ([, offer]) => {
    const { endpoint } = await open();
    await expect(endpoint.answer(offer)).rejects.toThrow(UnacceptableOffer);
  });

  test('offers audio, each time with a higher version, and takes the answer', async () => {
    const { endpoint, connectAnswering, answerTo } = await open();
    const first = await endpoint.offer();
    expect(first).toMatch(/^v=0\r\n[^]*m=audio [1-9]/);
    expect(endpoint.codec).toBeUndefined();
    const heard = hear(endpoint);
    await connectAnswering();
    expect([endpoint.codec, endpoint.connected, heard]).toEqual(['opus', true, ['connected']]);
    const later = await endpoint.offer();
    expect(versionOf(later)).toBeGreaterThan(versionOf(first));
    await endpoint.accept(answerTo(later));
    expect([endpoint.connected, heard]).toEqual([true, ['connected']]);
  });

  test('either side may offer after the other has', async () => {
    const { endpoint, offer, answerTo, connect } = await open();
    const heard = hear(endpoint);
    await connect();
    await endpoint.accept(answerTo(await endpoint.offer()));
    await endpoint.answer(offer);
    expect([endpoint.connected, heard]).toEqual([true, ['connected']]);
  });

  test('an answer is taken once, and only to an offer', async () => {
    const { endpoint, answerTo } = await open();
    const offer = await endpoint.offer();
    const other = await open();
    await expect(other.endpoint.accept(answerTo(offer))).rejects.toThrow(UnacceptableAnswer);
    await endpoint.accept(answerTo(offer));
    await expect(endpoint.accept(answerTo(offer))).rejects.toThrow(UnacceptableAnswer);
  });

  test.for([
    ['nothing', ''],
    ['another medium', 'v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n'],
    ['that it rejects the audio', 'v=0\r\nm=audio 0 UDP/TLS/RTP/SAVPF 111\r\n'],
  ] as const)('where the answer says %s, a better one can follow', async ([, bad]) => {
    const { endpoint, answerTo } = await open();
    const offer = await endpoint.offer();
    await expect(endpoint.accept(bad)).rejects.toThrow(UnacceptableAnswer);
    await expect(endpoint.offer(bad)).rejects.toThrow(UnacceptableOffer);
    await endpoint.accept(answerTo(offer));
    expect(endpoint.codec).toBe('opus');
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

  test('hears what is sent while it is connected and nothing plays', async () => {
    const { clock, endpoint, connect } = await open();
    const hears = [endpoint.hears];
    await connect();
    hears.push(endpoint.hears);
    void endpoint.play(['a']);
    hears.push(endpoint.hears);
    await clock.advance(3000);
    hears.push(endpoint.hears);
    endpoint.close();
    hears.push(endpoint.hears);
    expect(hears).toEqual([false, true, false, true, false]);
  });

  test('counts frames of 20 ms', async () => {
    const { clock, endpoint } = await open();
    const { frame } = endpoint;
    await clock.advance(1000);
    expect(endpoint.frame).toBe(frame + 50);
  });

  test('plays the sounds of the language that it is told, English unless told', async () => {
    const { clock, endpoint, connect } = await open();
    await connect();
    const outcome = outcomeOf(endpoint.play(['a', 'only'], { language: 'ro' }));
    await clock.advance(2_100);
    expect(outcome.value).toBe(true);
  });

  test('plays without end, until it is interrupted', async () => {
    const { clock, endpoint, connect } = await open();
    await connect();
    const outcome = outcomeOf(endpoint.play(['a'], { times: 'forever' }));
    await clock.advance(10_000);
    expect([endpoint.hears, outcome.value]).toEqual([false, undefined]);
    endpoint.interrupt();
    await clock.advance(0);
    expect(outcome.value).toBe(false);
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
    await expect(subject.endpoint.offer()).rejects.toThrow(UnacceptableOffer);
    await expect(subject.endpoint.accept(subject.offer)).rejects.toThrow(UnacceptableAnswer);
  });
});
