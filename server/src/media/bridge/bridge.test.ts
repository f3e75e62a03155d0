import { describe, expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { OpusDecoder, OpusEncoder } from '../codec/opus-codec.ts';
import { decodePcmu, encodePcmu } from '../codec/pcmu.ts';
import type { MediaBridge } from '../endpoint.ts';
import { Pacer } from '../playback/pacer.ts';
import type { FakeEndpoint } from '../support/fake-media.ts';
import { FakeMediaEngine } from '../support/fake-media.ts';
import { levelAt } from '../support/tones.ts';
import { Bridge } from './bridge.ts';

const failing = (error: unknown): never => {
  throw error;
};

/** What every bridge promises (`endpoint.ts`): the product's and the fake. */
describe.for([
  ['the fake', (clock: VirtualClock): MediaBridge => new FakeMediaEngine(clock).bridge()],
  ['the mixing one', (clock: VirtualClock): MediaBridge => new Bridge(new Pacer(clock, failing))],
] as const)('%s', ([, open]) => {
  function setUp() {
    const clock = new VirtualClock();
    const engine = new FakeMediaEngine(clock);
    return { clock, bridge: open(clock), endpoint: () => engine.endpoint() };
  }

  test('counts who takes part; leaving twice is leaving once', () => {
    const { bridge, endpoint } = setUp();
    const [leave] = [bridge.join(endpoint()), bridge.join(endpoint())];
    expect(bridge.size).toBe(2);
    leave();
    leave();
    expect(bridge.size).toBe(1);
  });

  test('an endpoint that is closed has left', () => {
    const { bridge, endpoint } = setUp();
    const [one, other] = [endpoint(), endpoint()];
    const leave = bridge.join(one);
    bridge.join(other);
    one.lose('timeout');
    leave();
    expect(bridge.size).toBe(1);
    other.close();
    expect(bridge.size).toBe(0);
  });

  test('takes eight, not nine, and a ninth once one has left', () => {
    const { bridge, endpoint } = setUp();
    const [leave] = Array.from({ length: 8 }, () => bridge.join(endpoint()));
    expect(() => bridge.join(endpoint())).toThrow(RangeError);
    leave?.();
    bridge.join(endpoint());
    expect(bridge.size).toBe(8);
  });

  test('closed, it is empty, does nothing more, and has left the endpoints open', () => {
    const { clock, bridge, endpoint } = setUp();
    const one = endpoint();
    const leave = bridge.join(one);
    bridge.join(endpoint());
    bridge.close();
    bridge.close();
    leave();
    expect([bridge.size, one.closedAs, clock.pending]).toEqual([0, undefined, 0]);
  });
});

const PITCHES = [350, 900, 1250, 1600, 2050] as const;
/** Packets that last 20 ms each: a tone of -20 dB below full scale, endlessly. */
function toneSource(hertz: number, codec: 'opus' | 'pcmu') {
  const rate = codec === 'opus' ? 48_000 : 8000;
  const frame = rate / 50;
  const encoder = codec === 'opus' ? new OpusEncoder(rate, 32_000, 5) : undefined;
  onTestFinished(() => encoder?.close());
  let sequence = 0;
  return (isSilent: boolean) => {
    const at = sequence * frame;
    const samples = Int16Array.from({ length: frame }, (_, i) =>
      isSilent ? 0 : Math.round(3276 * Math.sin((2 * Math.PI * hertz * (at + i)) / rate)),
    );
    sequence++;
    return { sequence, timestamp: at, payload: encoder ? encoder.encode(samples) : encodePcmu(samples) };
  };
}

interface Participant {
  readonly endpoint: FakeEndpoint;
  readonly hertz: number;
  isSilent: boolean;
  /** One in ten of its packets is lost on its way. */
  isLossy: boolean;
  readonly leave: () => void;
  say(): void;
}

function conference() {
  const clock = new VirtualClock();
  const engine = new FakeMediaEngine(clock);
  const bridge = new Bridge(new Pacer(clock, failing));
  const present = new Set<Participant>();
  const join = (hertz: number, codec: 'opus' | 'pcmu' = 'opus'): Participant => {
    const endpoint = engine.endpoint();
    endpoint.codec = codec;
    endpoint.connect();
    const next = toneSource(hertz, codec);
    let said = 0;
    const leave = bridge.join(endpoint);
    const participant: Participant = {
      endpoint,
      hertz,
      isSilent: false,
      isLossy: false,
      leave: () => {
        present.delete(participant);
        leave();
      },
      say: () => {
        const packet = next(participant.isSilent);
        if (++said % 10 !== 0 || !participant.isLossy) endpoint.speak(packet);
      },
    };
    present.add(participant);
    return participant;
  };
  /** Everyone talks for so long; what each has heard of it is in the endpoints' `sent`. */
  const talk = async (ms: number): Promise<void> => {
    for (let at = 0; at < ms; at += 20) {
      for (const participant of present) participant.say();
      await clock.advance(20);
    }
  };
  return { clock, bridge, join, talk };
}

/** The samples of what was sent to it, from the first packet on. */
function hear({ endpoint }: Participant): { samples: Int16Array; rate: number } {
  const rate = endpoint.codec === 'pcmu' ? 8000 : 48_000;
  const samples = new Int16Array((endpoint.sent.length * rate) / 50);
  const decoder = new OpusDecoder(48_000);
  for (const [i, { payload }] of endpoint.sent.entries())
    samples.set(rate === 8000 ? decodePcmu(payload) : decoder.decode(payload), (i * rate) / 50);
  decoder.close();
  return { samples, rate };
}

/** Which of the tones it heard at the end, for half a second. */
function tonesHeard(participant: Participant): number[] {
  const { samples, rate } = hear(participant);
  const end = samples.slice(-rate / 2);
  return PITCHES.filter((hertz) => levelAt(hertz, end, rate) > -30);
}

const but = (...hertz: number[]): number[] => PITCHES.slice(0, 4).filter((pitch) => !hertz.includes(pitch));

describe('a conference', () => {
  test('each of four hears exactly the three others; one leaves, one joins', async () => {
    const { join, talk } = conference();
    const four = PITCHES.slice(0, 4).map((hertz) => join(hertz));
    await talk(1500);
    for (const one of four) expect(tonesHeard(one)).toEqual(but(one.hertz));
    const [first, ...others] = four;
    first?.leave();
    await talk(1500);
    for (const one of others) expect(tonesHeard(one)).toEqual(but(one.hertz, 350));
    const fifth = join(2050);
    await talk(1500);
    expect(tonesHeard(fifth)).toEqual(but(350));
    for (const one of others) expect(tonesHeard(one)).toEqual([...but(one.hertz, 350), 2050]);
  });

  test('peers with PCMU hear and are heard alike', async () => {
    const { join, talk } = conference();
    const [one, two, three] = [join(350), join(900, 'pcmu'), join(1250, 'pcmu')];
    await talk(1500);
    expect([one, two, three].map(tonesHeard)).toEqual([
      [900, 1250],
      [350, 1250],
      [350, 900],
    ]);
  });

  test('levels stay: what is sent at -20 dB is heard at -20 dB', async () => {
    const { join, talk } = conference();
    const one = join(350);
    join(900);
    join(1250, 'pcmu');
    await talk(1500);
    const { samples } = hear(one);
    for (const hertz of [900, 1250])
      expect(levelAt(hertz, samples.slice(-24_000), 48_000)).toBeCloseTo(-20, 0);
  });

  test('those who are silent are sent the very same packets, each speaker its own', async () => {
    const { join, talk } = conference();
    const [speaker, ...silent] = PITCHES.slice(0, 4).map((hertz) => join(hertz));
    for (const one of silent) one.isSilent = true;
    await talk(1000);
    const last = [speaker, ...silent].map((one) => one?.endpoint.sent.at(-1)?.payload);
    expect(last[2]).toBe(last[1]);
    expect(last[3]).toBe(last[1]);
    expect(last[0]).not.toBe(last[1]);
    expect(tonesHeard(silent[0] as Participant)).toEqual([350]);
  });

  test('a listener that begins to speak, and stops, hears the others without a gap or a click', async () => {
    const { join, talk } = conference();
    const [one, other] = [join(350), join(900)];
    for (let turn = 0; turn < 3; turn++) {
      one.isSilent = true;
      await talk(600);
      one.isSilent = false;
      await talk(600);
    }
    const { samples } = hear(one);
    const steady = samples.slice(48_000);
    for (let at = 0; at + 960 <= steady.length; at += 960)
      expect(levelAt(900, steady.slice(at, at + 960), 48_000)).toBeGreaterThan(-22);
    expect(Math.max(...steady.slice(1).map((sample, i) => Math.abs(sample - (steady[i] ?? 0))))).toBeLessThan(
      1000,
    );
    expect(other.endpoint.sent.length).toBe(one.endpoint.sent.length);
  });

  test('one packet in ten may be lost: the tone goes on', async () => {
    const { join, talk } = conference();
    const [one, other] = [join(350), join(900)];
    other.isLossy = true;
    await talk(2500);
    const { samples } = hear(one);
    const steady = samples.slice(-48_000);
    for (let at = 0; at + 4800 <= steady.length; at += 4800)
      expect(levelAt(900, steady.slice(at, at + 4800), 48_000)).toBeGreaterThan(-26);
  });

  test('everyone is sent one packet every 20 ms, on one clock', async () => {
    const { join, talk } = conference();
    const all = [join(350), join(900, 'pcmu'), join(1250)];
    await talk(1000);
    for (const { endpoint } of all)
      expect(endpoint.sent.map(({ frame }) => frame)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  });

  test('who is on hold, or hears an utterance, is sent nothing, and is heard again afterwards', async () => {
    const { join, talk } = conference();
    const [one, other] = [join(350), join(900)];
    await talk(1000);
    one.endpoint.onHold = true;
    await talk(400);
    one.endpoint.onHold = false;
    void one.endpoint.play(['digit-1']);
    await talk(960);
    expect(one.endpoint.sent).toHaveLength(50);
    await talk(1000);
    expect([tonesHeard(one), tonesHeard(other)]).toEqual([[900], [350]]);
  });

  test.for([
    ['joined', 698.46],
    ['left', 523.25],
  ] as const)('the sign that somebody has %s is heard by all, once', async ([sign, last]) => {
    const { bridge, join, talk } = conference();
    const both = [join(350), join(900)];
    for (const one of both) one.isSilent = true;
    await talk(400);
    bridge.chime(sign);
    await talk(1200);
    for (const one of both) {
      const { samples } = hear(one);
      const levels = [0, 0.4, 1].map((at) =>
        levelAt(last, samples.slice(at * 48_000, (at + 0.3) * 48_000), 48_000),
      );
      expect(levels.map((level) => level > -45)).toEqual([false, true, false]);
    }
  });

  test('a packet that makes no sense hurts nobody', async () => {
    const { join, talk, clock } = conference();
    const [one, other] = [join(350), join(900)];
    const garbage = Uint8Array.from({ length: 80 }, (_, i) => (i === 0 ? 0x78 : (i * 151) & 0xff));
    for (let i = 0; i < 20; i++) {
      other.endpoint.speak({ sequence: i, timestamp: i * 960, payload: garbage });
      await clock.advance(20);
    }
    await talk(2000);
    expect([tonesHeard(one), tonesHeard(other)]).toEqual([[900], [350]]);
  });
});
