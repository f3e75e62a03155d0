import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Encoder } from '@evan/opus/wasm/index.mjs';
import { multiplexed, pagesOf, streamPages } from '../support/ogg-streams.ts';
import { oggOpusBody, oggOpusHead } from '../ogg/ogg-opus-writer.ts';
import { UnreadableSound } from '../ogg/ogg-opus.ts';
import { OpusDecoder, OpusEncoder } from '../codec/opus-codec.ts';
import { opusDuration } from '../codec/opus-packet.ts';
import { decodePcmu } from '../codec/pcmu.ts';
import { runSoundJob } from './sound-job.ts';
import { readTone, waveFile } from '../support/tones.ts';

const fixture = (name: string): Promise<Buffer> => readFile(join(import.meta.dirname, '../support', name));
const convert = (file: Buffer, longestMs = 60_000): Promise<Uint8Array[]> =>
  runSoundJob({ kind: 'convert', file, longestMs });

const vorbis = await fixture('tone-600.ogg');
const mp3 = await fixture('tone-600.mp3');
const flac = await fixture('tone-600.flac');
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

/** A tone in one channel and, a factor louder, in the other. */
const stereo = (factor: number): number[] =>
  tone48.concat(tone48).map((_, i) => (tone48[i >> 1] ?? 0) * (i & 1 ? factor : 1));
const wave = (bits: 16 | 24, samples: readonly number[], channels = 1): Buffer =>
  waveFile({ rate: 48_000, bits, channels, samples });

/** Opus in two channels, the second one inverted: with a correlation of -1, mono would be silence. */
function invertedOpus(): Buffer {
  const encoder = new Encoder({ channels: 2, sample_rate: 48_000, application: 'audio' });
  const samples = Int16Array.from(stereo(-1), (sample) => sample * 0x7fff);
  const packets = Array.from({ length: 50 }, (_, i) =>
    Uint8Array.from(encoder.encode(samples.subarray(i * 1920, i * 1920 + 1920))),
  );
  encoder.drop();
  const head = oggOpusHead([]);
  head.writeUInt8(2, 28 + 9);
  return Buffer.concat([head, oggOpusBody(packets)]);
}

/** An ID3v2 tag with a picture that contains what looks like a frame of MP3. */
const tag = Buffer.concat([
  Buffer.from('ID3\x04\0\0', 'latin1'),
  Buffer.from([0, 0, 0x10, 0]),
  Buffer.alloc(0x800, Buffer.from([0xff, 0xfb, 0x90, 0x64, 0, 1])),
]);
/** FLAC's metadata as Ogg packets: the marker with STREAMINFO, then any other blocks. */
function flacParts(file: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let at = 4;
  for (let isLast = false; !isLast;) {
    isLast = (file.readUInt8(at) & 0x80) !== 0;
    const end = at + 4 + file.readUIntBE(at + 1, 3);
    parts.push(at === 4 ? file.subarray(0, end) : file.subarray(at, end));
    at = end;
  }
  const begins: number[] = [];
  for (let frame = at; frame >= 0; frame = file.indexOf(file.subarray(at, at + 2), frame + 2))
    begins.push(frame);
  return [...parts, ...begins.map((begin, i) => file.subarray(begin, begins[i + 1]))];
}
const skeleton = streamPages(77, [Buffer.from('fishead\0'), Buffer.from('fisbone\0'), Buffer.alloc(0)]);

/** Decodes a conversion's result: its length, frequency, and loudness in dB below full scale. */
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
    ['WAV, stereo, one channel inverted', () => wave(16, stereo(-1), 2)],
    ['WAV, stereo, one channel inverted and weaker', () => wave(16, stereo(-0.8), 2)],
    ['WAV, stereo, one channel silent', () => wave(24, stereo(0), 2)],
    [
      'WAV, six channels',
      () =>
        wave(
          16,
          tone48.flatMap((sample) => [0, 0, sample, 0, -sample, 0]),
          6,
        ),
    ],
    [
      'WAV of a pipe, behind an odd chunk',
      () => {
        const file = wave(16, tone48);
        file.writeUInt32LE(0xffff_ffff, 40);
        const odd = Buffer.from('odd \x03\0\0\0abc\0', 'latin1');
        return Buffer.concat([file.subarray(0, 36), odd, file.subarray(36)]);
      },
    ],
    [
      'WAV with MP3',
      () => {
        const head = wave(16, []);
        head.writeUInt16LE(0x55, 20);
        head.writeUInt32LE(mp3.length, 40);
        return Buffer.concat([head, mp3]);
      },
    ],
    ['AIFF', () => fixture('tone-600.aiff')],
    ['FLAC', () => flac],
    ['FLAC behind a tag', () => Buffer.concat([tag, flac])],
    ['Ogg Opus', () => opusFile(1)],
    ['Ogg Opus, stereo, one channel inverted', () => invertedOpus()],
    ['Ogg Opus behind a Skeleton', () => multiplexed(skeleton, pagesOf(opusFile(1)))],
    ['Ogg Vorbis beside a Skeleton', () => multiplexed(pagesOf(vorbis), skeleton)],
    [
      'Ogg Opus behind something else, and something else behind it',
      () =>
        Buffer.concat([...streamPages(5, [Buffer.from('unknown')]), opusFile(1), Buffer.from('TAG more')]),
    ],
    [
      'Ogg FLAC',
      () => {
        const [marker, ...frames] = flacParts(flac);
        const first = Buffer.concat([Buffer.from('\x7fFLAC\x01\0\0\0', 'latin1'), marker ?? Buffer.alloc(0)]);
        return Buffer.concat(streamPages(9, [first, ...frames]));
      },
    ],
    ['Ogg Opus, stereo', () => opusFile(1, 2)],
    ['Ogg Vorbis', () => vorbis],
    ['MP3', () => mp3],
    ['MP3 behind a tag with a picture', () => Buffer.concat([tag, mp3])],
    ['MP3 behind two tags and padding', () => Buffer.concat([tag, tag, Buffer.alloc(300), mp3])],
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
  const short = wave(16, tone(48_000, 0.2));
  const altered = (at: number, ...octets: readonly number[]): Buffer => {
    const file = Buffer.from(short);
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
      'This is an Ogg file without any sound that can be read here. Save it as',
    ],
    [
      'something that only looks like MP3',
      Buffer.concat([Buffer.from('ID3'), Buffer.alloc(5000)]),
      'This file cannot be read.',
    ],
    ['WAV without sound', waveFile({ rate: 48_000, bits: 16, samples: [] }), 'This file cannot be read.'],
    [
      'WAV that is silent',
      waveFile({ rate: 48_000, bits: 16, samples: Array<number>(9600).fill(0) }),
      'There is nothing to hear',
    ],
    ['WAV of 65,535 channels', altered(22, 0xff, 0xff), 'This file cannot be read.'],
    ['WAV of 9 channels', wave(16, tone48, 9), 'Only sounds of 1 to 8 channels'],
    ['WAV of no channels', altered(22, 0, 0), 'Only sounds of 1 to 8 channels'],
    ['WAV in blocks of 0 octets', altered(32, 0, 0), 'This file cannot be read.'],
    ['WAV in blocks of 1 octet', altered(32, 1, 0), 'This file cannot be read.'],
    ['WAV at 1 Hz', altered(24, 1, 0, 0, 0), 'This file cannot be read.'],
    ['WAV at 4 GHz', altered(24, 255, 255, 255, 255), 'This file cannot be read.'],
    ['WAV with ADPCM', altered(20, 0x11, 0), 'This is a WAV file with IMA ADPCM sound. Save it as WAV (PCM)'],
    ['WAV with GSM', altered(20, 0x31, 0), 'This is a WAV file with GSM sound. Save it as WAV (PCM)'],
    [
      'WAV in a compression that is not known',
      altered(20, 0x99, 0),
      'This is a WAV file with compressed sound.',
    ],
    [
      'Ogg Speex',
      Buffer.concat(streamPages(1, [Buffer.from('Speex   1.2'), Buffer.alloc(80)])),
      'This is an Ogg file with Speex. Save it as',
    ],
    [
      'a film in Ogg without sound, behind a Skeleton',
      multiplexed(skeleton, streamPages(1, [Buffer.from('\x80theora', 'latin1'), Buffer.alloc(80)])),
      'This is an Ogg file with Theora. Save it as',
    ],
    ['WAV without a format', altered(12, 0x78, 0x78, 0x78, 0x78), 'This file cannot be read.'],
    ['Opus in 6 channels', opusFile(1, 6), 'Opus can be read in mono or stereo only.'],
    [
      'Opus of nothing but empty packets',
      Buffer.concat([oggOpusHead([]), ...Array<Buffer>(4000).fill(emptyPackets)]),
      'This file cannot be read.',
    ],
    ['Opus that is cut off', opusFile(1).subarray(0, 500), 'This file cannot be read.'],
    [
      'Vorbis in 255 channels',
      Buffer.from(pages.replace('01766f726269730000000002', '01766f7262697300000000ff'), 'hex'),
      'Only sounds of 1 to 8 channels',
    ],
    ['Vorbis that is cut off', vorbis.subarray(0, 3000), 'This file cannot be read.'],
  ] as const)('%s', async ([, file, sentence]) => {
    const refused = convert(file);
    await expect(refused).rejects.toThrow(UnreadableSound);
    await expect(refused).rejects.toThrow(sentence);
  });

  test('a sound that is too long, without decoding all of it', async () => {
    const file = waveFile({ rate: 8000, bits: 8, samples: tone(8000, 61) });
    await expect(convert(file)).rejects.toThrow('This sound is longer than 60 seconds.');
    await expect(convert(opusFile(2), 1000)).rejects.toThrow('This sound is longer than 1 seconds.');
  });

  test('or converted: any octets behind a beginning that looks right', async () => {
    const beginnings = [
      short.subarray(0, 44),
      short.subarray(0, 12),
      vorbis.subarray(0, 60),
      oggOpusHead([]),
      flac.subarray(0, 60),
      Buffer.from('fLaC'),
      Buffer.concat(
        streamPages(9, [Buffer.concat([Buffer.from('\x7fFLAC\x01\0\0\0', 'latin1'), flac.subarray(0, 42)])]),
      ),
      Buffer.from('FORM\0\0\0\0AIFFCOMM', 'latin1'),
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

test('a chain of files is heard to its end, whatever they have in common', async () => {
  const { seconds, frequency } = listen(await convert(Buffer.concat([vorbis, opusFile(1, 2), opusFile(1)])));
  expect(seconds).toBeGreaterThan(2.95);
  expect(seconds).toBeLessThan(3.1);
  expect(frequency).toBeCloseTo(600, -1);
});

test('the format of MP4 and other unreadable files is named', async () => {
  const mp4 = (brand: string, codec: string): Buffer =>
    Buffer.from(`\0\0\0\x18ftyp${brand}\0\0\0\0....moov....stsd\0\0\0\0\0\0\0\x01....${codec}`, 'latin1');
  const sentences: readonly [Buffer, string][] = [
    [mp4('M4A ', 'mp4a'), 'This is an M4A file with AAC sound. '],
    [mp4('M4A ', 'alac'), 'This is an M4A file with Apple Lossless sound. '],
    [mp4('3gp4', 'samr'), 'This is a 3GP file with AMR sound. '],
    [mp4('isom', 'avc1'), 'This is an MP4 file. '],
    [Buffer.from('#!AMR\n....'), 'This is an AMR file. '],
    [Buffer.from([0xff, 0xf1, 0x50, 0x80]), 'This is an AAC file. '],
    [Buffer.concat([tag, Buffer.from([0xff, 0xf1, 0x50, 0x80])]), 'This is an AAC file. '],
    [Buffer.from([0x1a, 0x45, 0xdf, 0xa3]), 'This is a WebM or Matroska file. '],
  ];
  for (const [file, sentence] of sentences)
    await expect(convert(file)).rejects.toThrow(`${sentence}Save it as`);
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
