import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { oggOpusBody, oggOpusHead } from './ogg-opus-writer.ts';
import { UnreadableSound } from './ogg-opus.ts';
import { OpusDecoder, OpusEncoder } from './opus-codec.ts';
import { opusDuration } from './opus-packet.ts';
import { decodePcmu } from './pcmu.ts';
import { runSoundJob } from './sound-job.ts';
import { readTone, waveFile } from './tones.fixture.ts';

const fixture = (name: string): Promise<Buffer> => readFile(join(import.meta.dirname, 'fixtures', name));
const convert = (file: Buffer, longestMs = 60_000): Promise<Uint8Array[]> =>
  runSoundJob({ kind: 'convert', file, longestMs });

const vorbis = await fixture('tone-600.ogg');
const LOUD = 0.5;
const tone = (rate: number, seconds = 1, loudness = LOUD): number[] =>
  Array.from({ length: rate * seconds }, (_, i) => loudness * Math.sin((2 * Math.PI * 600 * i) / rate));

const tone48 = tone(48_000);

/** An Ogg Opus file of a tone, in one or two channels. */
function opusFile(seconds: number, channels = 1): Buffer {
  const encoder = new OpusEncoder(48_000, 32_000, 5);
  const samples = Int16Array.from(tone(48_000, seconds), (sample) => sample * 0x7fff);
  const packets = Array.from({ length: seconds * 50 }, (_, i) =>
    encoder.encode(samples.subarray(i * 960, i * 960 + 960)),
  );
  encoder.close();
  const head = oggOpusHead([]);
  head.writeUInt8(channels, 28 + 9);
  return Buffer.concat([head, oggOpusBody(packets)]);
}

/** Decodes what came of a conversion: how long, of what frequency, and how loud in dB below full scale. */
function listen(packets: readonly Uint8Array[]) {
  expect(new Set(packets.map(opusDuration))).toEqual(new Set([20]));
  const decoder = new OpusDecoder(48_000);
  const samples = packets.flatMap((packet) => [...decoder.decode(packet)]);
  decoder.close();
  return { seconds: packets.length / 50, ...readTone(samples, 48_000) };
}

describe('an upload becomes Opus, as loud as the prompts', () => {
  test.for([
    ['WAV, 16 bits', () => waveFile({ rate: 48_000, bits: 16, samples: tone(48_000) })],
    ['WAV, 8 bits at 8000', () => waveFile({ rate: 8000, bits: 8, samples: tone(8000) })],
    ['WAV, 24 bits at 44100', () => waveFile({ rate: 44_100, bits: 24, samples: tone(44_100) })],
    [
      'WAV, stereo',
      () =>
        waveFile({
          rate: 48_000,
          bits: 16,
          channels: 2,
          samples: tone(96_000).map((_, i) => tone48[i >> 1] ?? 0),
        }),
    ],
    ['WAV, faint', () => waveFile({ rate: 48_000, bits: 16, samples: tone(48_000, 1, 0.02) })],
    ['Ogg Opus', () => opusFile(1)],
    ['Ogg Opus, stereo', () => opusFile(1, 2)],
    ['Ogg Vorbis', () => vorbis],
    ['MP3', () => fixture('tone-600.mp3')],
  ] as const)('%s', async ([, file]) => {
    const { seconds, frequency, level } = listen(await convert(await file()));
    expect(seconds).toBeGreaterThan(0.97);
    expect(seconds).toBeLessThan(1.1);
    expect(frequency).toBeGreaterThan(590);
    expect(frequency).toBeLessThan(610);
    expect(level).toBeGreaterThan(-21.5);
    expect(level).toBeLessThan(-19);
  });
});

/** A page of 255 packets without octets. */
const emptyPackets = Buffer.alloc(27 + 255);
emptyPackets.write('OggS');
emptyPackets.writeUInt8(255, 26);

describe('refused with a sentence for people', () => {
  const wave = waveFile({ rate: 48_000, bits: 16, samples: tone(48_000, 0.2) });
  const altered = (at: number, ...octets: readonly number[]): Buffer => {
    const file = Buffer.from(wave);
    file.set(octets, at);
    return file;
  };
  const pages = vorbis.toString('hex');

  test.for([
    ['nothing', Buffer.alloc(0), 'This is not a WAV, Ogg or MP3 file.'],
    ['a text', Buffer.from('My greeting, in writing'), 'This is not a WAV, Ogg or MP3 file.'],
    [
      'Ogg of another codec',
      Buffer.from(pages.replace('01766f72626973', '01766f72626900'), 'hex'),
      'This is not a WAV, Ogg or MP3 file.',
    ],
    [
      'MP3 that is none',
      Buffer.concat([Buffer.from('ID3'), Buffer.alloc(5000)]),
      'This file cannot be read.',
    ],
    ['WAV without sound', waveFile({ rate: 48_000, bits: 16, samples: [] }), 'This file cannot be read.'],
    [
      'WAV that is silent',
      waveFile({ rate: 48_000, bits: 16, samples: Array<number>(9600).fill(0) }),
      'There is nothing to hear',
    ],
    ['WAV of 65,535 channels', altered(22, 0xff, 0xff), 'Only sounds in mono or stereo'],
    ['WAV of no channels', altered(22, 0, 0), 'Only sounds in mono or stereo'],
    ['WAV in blocks of 0 octets', altered(32, 0, 0), 'This file cannot be read.'],
    ['WAV in blocks of 1 octet', altered(32, 1, 0), 'This file cannot be read.'],
    ['WAV at 1 Hz', altered(24, 1, 0, 0, 0), 'This file cannot be read.'],
    ['WAV at 4 GHz', altered(24, 255, 255, 255, 255), 'This file cannot be read.'],
    ['WAV in a compression that is not known', altered(20, 2, 0), 'This file cannot be read.'],
    ['WAV without a format', altered(12, 0x78, 0x78, 0x78, 0x78), 'This file cannot be read.'],
    ['Opus in 6 channels', opusFile(1, 6), 'Only sounds in mono or stereo'],
    [
      'Opus of nothing but empty packets',
      Buffer.concat([oggOpusHead([]), ...Array<Buffer>(4000).fill(emptyPackets)]),
      'This file cannot be read.',
    ],
    ['Opus that is cut off', opusFile(1).subarray(0, 500), 'This file cannot be read.'],
    [
      'Vorbis in 255 channels',
      Buffer.from(pages.replace('01766f726269730000000002', '01766f7262697300000000ff'), 'hex'),
      'Only sounds in mono or stereo',
    ],
    ['Vorbis that is cut off', vorbis.subarray(0, 3000), 'This file cannot be read.'],
  ] as const)('%s', async ([, file, sentence]) => {
    const refused = convert(file);
    await expect(refused).rejects.toThrow(UnreadableSound);
    await expect(refused).rejects.toThrow(sentence);
  });

  test('what is too long, without decoding all of it', async () => {
    const file = waveFile({ rate: 8000, bits: 8, samples: tone(8000, 61) });
    await expect(convert(file)).rejects.toThrow('This sound is longer than 60 seconds.');
    await expect(convert(opusFile(2), 1000)).rejects.toThrow('This sound is longer than 1 seconds.');
  });

  test('or converted: any octets behind a beginning that looks right', async () => {
    const beginnings = [
      wave.subarray(0, 44),
      wave.subarray(0, 12),
      vorbis.subarray(0, 60),
      oggOpusHead([]),
      Buffer.from('ID3'),
      Buffer.from([0xff, 0xfb, 0x90, 0]),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...beginnings),
        fc.uint8Array({ maxLength: 400 }),
        async (beginning, octets) => {
          try {
            listen(await convert(Buffer.concat([beginning, octets]), 2000));
          } catch (error) {
            expect(error).toBeInstanceOf(UnreadableSound);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

test('a recording becomes µ-law, frame by frame', async () => {
  const frames = await runSoundJob({ kind: 'recode', file: opusFile(2), codec: 'pcmu' });
  expect(frames.map(({ length }) => length)).toEqual(Array<number>(100).fill(160));
  const { frequency, level } = readTone(
    frames.flatMap((frame) => [...decodePcmu(frame)]),
    8000,
  );
  expect(frequency).toBeCloseTo(600, -1);
  expect(level).toBeCloseTo(20 * Math.log10(LOUD / Math.SQRT2), 0);
});
