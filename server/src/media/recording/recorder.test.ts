import { Encoder } from '@evan/opus/wasm/index.mjs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../world/virtual-clock.ts';
import type { MediaPacket } from '../endpoint.ts';
import { FakeMediaEngine } from '../support/fake-media.ts';
import { oggOpusHead } from '../ogg/ogg-opus-writer.ts';
import { salvage } from '../ogg/ogg-opus-repair.ts';
import { readOggOpus } from '../ogg/ogg-opus.ts';
import { OpusDecoder } from '../codec/opus-codec.ts';
import { opusDuration, SILENT_PACKET } from '../codec/opus-packet.ts';
import { encodePcmu } from '../codec/pcmu.ts';
import { Recorder } from './recorder.ts';

const TOC = 31 << 3; // CELT, 20 ms
const MINUTE = 60_000;

async function setUp({ longestMs = 5 * MINUTE, silenceMs = 8000, codec = 'opus' as 'opus' | 'pcmu' } = {}) {
  const clock = new VirtualClock();
  const endpoint = new FakeMediaEngine(clock).endpoint();
  await endpoint.answer('m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n');
  endpoint.codec = codec;
  const pages: Uint8Array[] = [];
  const ended: string[] = [];
  const recorder = new Recorder({
    endpoint,
    clock,
    write: (octets) => pages.push(octets),
    longestMs,
    silenceMs,
    ended: (why) => ended.push(why),
  });
  const file = (): Buffer => Buffer.concat([oggOpusHead([]), ...pages]);
  const packets = (): Buffer[] => {
    recorder.stop();
    return readOggOpus(file());
  };
  /** A packet with a number of its own, in its place of a stream that begins anywhere; loud, unless its payload is given. */
  const packet = (i: number, more: Partial<MediaPacket> = {}): MediaPacket => ({
    sequence: (65_530 + i) & 0xffff,
    timestamp: (2 ** 32 - 2000 + i * 960) >>> 0,
    ...(more.payload ? {} : { level: 30 }),
    payload: Uint8Array.of(TOC, i & 0xff, i >> 8, 7),
    ...more,
  });
  /** Packets, one every 20 ms. */
  const speak = async (numbers: readonly number[], more?: Partial<MediaPacket>): Promise<void> => {
    for (const i of numbers) {
      endpoint.speak(packet(i, more));
      await clock.advance(20);
    }
  };
  return { clock, endpoint, recorder, pages, ended, file, packets, packet, speak };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
/** The number in a packet; `lost` and `silent` for those of ours. */
const nameOf = (packet: Buffer): number | string =>
  packet.length === 1 ? 'lost' : packet.equals(SILENT_PACKET) ? 'silent' : packet.readUInt16LE(1);

/** Opus of 20 ms a packet, at a constant bit rate: silence takes as many octets as speech. `loudness` is that of a tone, 1 at most. */
function voice(loudness: number, count: number): Uint8Array[] {
  const encoder = new Encoder({ channels: 1, sample_rate: 48_000, application: 'voip' });
  encoder.ctl(4006, 0); // OPUS_SET_VBR
  const packets = upTo(count).map((packet) =>
    Uint8Array.from(
      encoder.encode(
        Int16Array.from(
          { length: 960 },
          (_, i) => loudness * 0x7fff * Math.sin((2 * Math.PI * 300 * (packet * 960 + i)) / 48_000),
        ),
      ),
    ),
  );
  encoder.drop();
  return packets;
}

test('what was said is in the file as it arrived, sequence numbers and timestamps wrapping', async () => {
  const { recorder, packets, speak } = await setUp();
  await speak(upTo(150));
  expect(packets().map(nameOf)).toEqual(upTo(150));
  expect(recorder.stop()).toEqual({ durationMs: 3000, soundMs: 3000 });
});

test('a crash loses a second at most', async () => {
  const { file, speak } = await setUp();
  for (let second = 1; second <= 5; second++) {
    await speak(upTo(50).map((i) => i + (second - 1) * 50));
    expect(salvage(file())?.durationMs).toBeGreaterThanOrEqual((second - 1) * 1000);
  }
});

test('`stop` again gives the same figures and writes nothing', async () => {
  const { recorder, pages, speak, clock, endpoint, packet } = await setUp();
  await speak(upTo(10));
  const figures = recorder.stop();
  const written = pages.length;
  endpoint.speak(packet(10));
  await clock.advance(10 * MINUTE);
  expect(recorder.stop()).toEqual(figures);
  expect(pages.length).toBe(written);
  expect(clock.pending).toBe(0);
});

test('a recording of no packets is still a whole file', async () => {
  const { recorder, packets, file } = await setUp();
  expect(packets()).toEqual([]);
  expect(recorder.stop()).toEqual({ durationMs: 0, soundMs: 0 });
  expect(salvage(file())?.file).toEqual(file());
});

test.for([
  ['two in the wrong order', [0, 2, 1, 3], [0, 1, 2, 3]],
  ['one four places late', [0, 2, 3, 4, 5, 1, 6], [0, 1, 2, 3, 4, 5, 6]],
  ['one twice', [0, 1, 1, 2], [0, 1, 2]],
  ['one twice while another is awaited', [0, 2, 2, 3, 1], [0, 1, 2, 3]],
  ['one lost', [0, 1, 3, 4, 5, 6, 7, 8, 9], [0, 1, 'lost', 3, 4, 5, 6, 7, 8, 9]],
  ['one lost at the end', [0, 1, 3], [0, 1, 'lost', 3]],
  ['one that comes when it is given up', [0, 2, 3, 4, 5, 6, 7, 1, 8], [0, 'lost', 2, 3, 4, 5, 6, 7, 8]],
] as const)('%s', async ([, numbers, expected]) => {
  const { packets, speak } = await setUp();
  await speak(numbers);
  expect(packets().map(nameOf)).toEqual(expected);
});

test('a gap of more than 100 ms is silence', async () => {
  const { packets, speak, clock } = await setUp();
  await speak(upTo(10));
  await clock.advance(200);
  await speak(upTo(10).map((i) => i + 20));
  expect(packets().map(nameOf)).toEqual([
    ...upTo(10),
    ...Array<string>(10).fill('silent'),
    ...upTo(10).map((i) => i + 20),
  ]);
});

test('a peer that sends nothing during silence: the silence is in the file too', async () => {
  const { packets, speak, clock, packet, endpoint, recorder } = await setUp();
  await speak(upTo(50));
  await clock.advance(3000);
  endpoint.speak(packet(50, { timestamp: packet(200).timestamp }));
  expect(packets().length).toBe(50 + 150 + 1);
  expect(recorder.stop()).toEqual({ durationMs: 4020, soundMs: 1020 });
});

test('keys share the sequence numbers, and are neither sound nor loss', async () => {
  const { packets, packet, endpoint, clock, speak } = await setUp();
  await speak([0, 1]);
  for (const sequence of [2, 3, 4]) {
    endpoint.speak(packet(sequence, { timestamp: 12_345, payload: new Uint8Array() }));
    await clock.advance(20);
  }
  for (const i of [5, 6]) {
    endpoint.speak(packet(i, { timestamp: packet(i - 3).timestamp }));
    await clock.advance(20);
  }
  expect(packets().map(nameOf)).toEqual([0, 1, 5, 6]);
});

test.for([
  ['10 ms', [(30 << 3) & 0xff, 1, 2, 3], 480],
  ['60 ms', [3 << 3, 1, 2, 3], 2880],
  ['two of 20 ms', [TOC | 1, 1, 2, 3, 4], 1920],
] as const)('packets of %s are placed at their right time', async ([, octets, samples]) => {
  const { endpoint, packets, clock, recorder, packet } = await setUp();
  for (const i of upTo(10)) {
    endpoint.speak(packet(i, { timestamp: i * samples, payload: Uint8Array.from(octets) }));
    await clock.advance(samples / 48);
  }
  expect(packets().map((found) => [...found])).toEqual(upTo(10).map(() => [...octets]));
  expect(recorder.stop().durationMs).toBe((10 * samples) / 48);
});

describe('a stream that starts afresh', () => {
  test.for([
    ['far ahead', 2 ** 31 + 5, 30_000],
    ['far behind', 2 ** 32 - 4_000_000_000, 30_000],
    ['hours ahead', 48_000 * 3600 * 5, 500],
    ['hours ahead, its sequence numbers going on', 48_000 * 3600 * 5, 100],
  ] as const)('%s: the gap is as long as it was by the clock', async ([, ahead, sequence]) => {
    const { endpoint, speak, clock, packet, recorder } = await setUp();
    await speak(upTo(100));
    await clock.advance(2000);
    for (const i of upTo(100)) {
      const { timestamp } = packet(100 + i);
      endpoint.speak(
        packet(i, { sequence: (sequence + i + 65_530) & 0xffff, timestamp: (timestamp + ahead) >>> 0 }),
      );
      await clock.advance(20);
    }
    expect(recorder.stop()).toEqual({ durationMs: 6000, soundMs: 4000 });
  });
});

describe('it ends itself', () => {
  test('at the limit, though nothing ever arrived', async () => {
    const { clock, ended } = await setUp({ longestMs: 5000, silenceMs: 8000 });
    await clock.advance(4999);
    expect(ended).toEqual([]);
    await clock.advance(1);
    expect(ended).toEqual(['longest']);
  });

  test('at the limit, though the caller still speaks, and not a frame later', async () => {
    const { speak, ended, recorder } = await setUp({ longestMs: 5000 });
    await speak(upTo(300));
    expect(ended).toEqual(['longest']);
    expect(recorder.stop()).toEqual({ durationMs: 5000, soundMs: 5000 });
  });

  test('after silence from the beginning', async () => {
    const { clock, ended } = await setUp();
    await clock.advance(8000);
    expect(ended).toEqual(['silence']);
  });

  test.for([
    ['the levels say so', { level: 50 }],
    ['nothing but silence is sent', { payload: SILENT_PACKET }],
    ['next to nothing is sent', { payload: Uint8Array.of(TOC, 0) }],
  ] as const)('after silence, as %s', async ([, more]) => {
    const { speak, ended, recorder, pages } = await setUp();
    await speak(upTo(100), { level: 30 });
    await speak(
      upTo(398).map((i) => i + 100),
      more,
    );
    expect(ended).toEqual([]);
    await speak([498, 499], more);
    expect(ended).toEqual(['silence']);
    const written = pages.length;
    expect(recorder.stop()).toMatchObject({ soundMs: 2000 });
    expect(pages.length).toBe(written);
  });

  test.for<[string, number, Partial<MediaPacket>, boolean]>([
    ['digital silence', 0, {}, false],
    ['the noise of a muted microphone', 0.0004, {}, false],
    ['a quiet voice', 0.008, {}, true],
    ['a loud voice', 0.5, {}, true],
  ])('%s in packets of many octets', async ([, loudness, more, isHeard]) => {
    const { speak, ended, recorder } = await setUp();
    const payloads = voice(loudness, 410);
    expect(Math.min(...payloads.map(({ length }) => length))).toBeGreaterThan(10);
    for (const [i, payload] of payloads.entries()) await speak([i], { payload, ...more });
    expect(ended).toEqual(isHeard ? [] : ['silence']);
    const { soundMs } = recorder.stop();
    if (isHeard) expect(soundMs).toBeGreaterThan(8000);
    else expect(soundMs).toBe(0);
  });

  test('not while the caller speaks now and then', async () => {
    const { speak, ended } = await setUp();
    for (const second of upTo(30))
      await speak(
        upTo(50).map((i) => second * 50 + i),
        { level: second % 7 === 0 ? 49 : 127 },
      );
    expect(ended).toEqual([]);
  });
});

describe('a peer with PCMU', () => {
  let phase = 0;
  const tone = (samples: number, loudness = 8000): Uint8Array =>
    encodePcmu(
      Int16Array.from({ length: samples }, () => loudness * Math.sin((phase += (2 * Math.PI * 600) / 8000))),
    );

  test.for([160, 80, 240, 100])('is recorded in Opus, from %i samples a packet', async (samples) => {
    const { endpoint, clock, recorder, packets } = await setUp({ codec: 'pcmu' });
    const count = Math.floor(16_000 / samples);
    for (const sequence of upTo(count)) {
      endpoint.speak({ sequence, timestamp: sequence * samples, payload: tone(samples) });
      await clock.advance(samples / 8);
    }
    const recorded = packets();
    const durationMs = (count * samples) / 8;
    expect(recorder.stop()).toEqual({ durationMs, soundMs: durationMs });
    expect(recorded.map(opusDuration)).toEqual(recorded.map(() => 20));
    expect(frequencyOf(recorded)).toBeCloseTo(600, -1);
  });

  test('its silence is recognized by its samples', async () => {
    const { endpoint, clock, ended, recorder } = await setUp({ codec: 'pcmu' });
    for (const sequence of upTo(500)) {
      endpoint.speak({ sequence, timestamp: sequence * 160, payload: tone(160, sequence < 100 ? 1000 : 20) });
      await clock.advance(20);
    }
    expect(ended).toEqual(['silence']);
    expect(recorder.stop().soundMs).toBe(2000);
  });

  test('a call that is continued with Opus is recorded in the same file', async () => {
    const { endpoint, clock, recorder, packets, packet } = await setUp({ codec: 'pcmu' });
    for (const sequence of upTo(51)) {
      endpoint.speak({ sequence, timestamp: sequence * 100, payload: tone(100) });
      await clock.advance(12.5);
    }
    await clock.advance(1000);
    endpoint.codec = 'opus';
    for (const i of upTo(50)) {
      endpoint.speak(packet(i));
      await clock.advance(20);
    }
    expect(packets().slice(-46).map(nameOf)).toEqual(
      upTo(46).map((i) => i + 4), // its numbers happen to be near the old ones: a few are lost until that is clear
    );
    expect(recorder.stop().durationMs).toBeGreaterThan(2600);
    expect(recorder.stop().durationMs).toBeLessThan(2700);
  });
});

describe('a hostile peer', () => {
  const TEN_THOUSAND_A_SECOND = 0.1;

  test.for([
    ['empty packets', () => new Uint8Array()],
    ['frame counts that lie', () => Uint8Array.of(TOC | 3, 63, 1, 2)],
    ['1,500 octets', () => new Uint8Array(1500).fill(TOC)],
    ['no frames', () => Uint8Array.of(TOC | 3, 0)],
  ] as const)('%s: nothing is recorded', async ([, payload]) => {
    const { endpoint, clock, packets, packet } = await setUp();
    for (const i of upTo(500)) {
      endpoint.speak(packet(i, { payload: payload() }));
      await clock.advance(20);
    }
    expect(packets()).toEqual([]);
  });

  test.for([
    ['in order', (i: number) => i, (i: number) => i * 960],
    ['timestamps ten times too fast', (i: number) => i, (i: number) => i * 9600],
    ['timestamps a second apart', (i: number) => i, (i: number) => i * 48_000],
    ['timestamps that never change', (i: number) => i, () => 5],
    ['timestamps that go back', (i: number) => i, (i: number) => -i * 48_000],
    ['random timestamps', (i: number) => i, (i: number) => i * 2_654_435_761],
    ['random sequence numbers', (i: number) => i * 40_503, (i: number) => i * 960],
  ] as const)('a flood, %s: no longer than the time that has passed', async ([, sequence, timestamp]) => {
    const { endpoint, clock, recorder, packets } = await setUp();
    for (const i of upTo(20_000)) {
      const payload = Uint8Array.of(TOC, i & 0xff, i >> 8, 7);
      endpoint.speak({ sequence: sequence(i) & 0xffff, timestamp: timestamp(i) >>> 0, payload });
      await clock.advance(TEN_THOUSAND_A_SECOND);
    }
    expect(recorder.stop().durationMs).toBeLessThanOrEqual(2500);
    expect(packets().length).toBeGreaterThan(0);
  });

  test('large packets: no more octets than good speech takes', async () => {
    const { endpoint, clock, recorder, file, packet } = await setUp({ longestMs: MINUTE });
    const payload = new Uint8Array(1276).fill(7);
    payload[0] = 28 << 3; // CELT, 2.5 ms
    for (const i of upTo(24_000)) {
      endpoint.speak(packet(i, { timestamp: i * 120, payload }));
      await clock.advance(2.5);
    }
    recorder.stop();
    expect(file().length).toBeLessThan(64_000 + 16 * MINUTE + 10_000);
  });

  test('any packets at any time: a whole file, never longer than the time that passed, and one end', async () => {
    const packet = fc.record({
      sequence: fc.oneof(fc.nat(65_535), fc.nat(20)),
      timestamp: fc.oneof(
        fc.nat(2 ** 32 - 1),
        fc.nat(20).map((i) => i * 960),
      ),
      payload: fc.oneof(fc.uint8Array({ maxLength: 30 }), fc.constant(Uint8Array.of(TOC, 1, 2, 3))),
      level: fc.option(fc.nat(127), { nil: undefined }),
      wait: fc.oneof(fc.constant(20), fc.nat(3000)),
      codec: fc.constantFrom('opus' as const, 'opus' as const, 'opus' as const, 'pcmu' as const),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(packet, { maxLength: 60 }), async (packets) => {
        const { endpoint, clock, recorder, ended, file } = await setUp({ longestMs: 20_000 });
        let passed = 0;
        for (const { wait, codec, level, ...fields } of packets) {
          endpoint.codec = codec;
          endpoint.speak({ ...fields, ...(level === undefined ? {} : { level }) });
          await clock.advance(wait);
          passed += wait;
        }
        const { durationMs, soundMs } = recorder.stop();
        expect(durationMs).toBeLessThanOrEqual(Math.min(passed + 520, 20_020));
        expect(soundMs).toBeLessThanOrEqual(durationMs + 40);
        expect(ended.length).toBeLessThanOrEqual(1);
        expect(salvage(file())).toMatchObject({ file: file(), durationMs });
      }),
    );
  });
});

/** The frequency of a tone by its zero crossings. */
function frequencyOf(packets: readonly Uint8Array[]): number {
  const decoder = new OpusDecoder(8000);
  const samples = packets.flatMap((packet) => [...decoder.decode(packet)]).slice(800, 8800);
  decoder.close();
  return samples.filter((sample, i) => sample >= 0 && (samples[i - 1] ?? 0) < 0).length;
}
