import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodePcm } from './pcm.ts';
import { readWaveFile } from './wave-file.ts';
import type { PcmSound } from './wave-file.ts';

/** A chunk as it should be, or with a length that is not its own, or without its padding. */
function chunk(name: string, data: Buffer, length = data.length, isPadded = true): Buffer {
  const head = Buffer.alloc(8);
  head.write(name);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, data, Buffer.alloc(isPadded ? data.length & 1 : 0)]);
}

interface Format {
  readonly tag?: number;
  readonly channels?: number;
  readonly bits?: number;
  readonly subformat?: number;
}

/** `fmt `, of 40 octets where there is a subformat. */
function formatChunk({ tag = 1, channels = 1, bits = 16, subformat }: Format): Buffer {
  const format = Buffer.alloc(subformat === undefined ? 16 : 40);
  format.writeUInt16LE(subformat === undefined ? tag : 0xfffe, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(8000, 4);
  format.writeUInt16LE(channels * Math.ceil(bits / 8), 12);
  format.writeUInt16LE(bits, 14);
  if (subformat !== undefined) format.writeUInt16LE(subformat, 24);
  return chunk('fmt ', format);
}

const file = (magic: string, ...chunks: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from(`${magic}\0\0\0\0WAVE`, 'latin1'), ...chunks]);
const wave = (...chunks: readonly Buffer[]): Buffer => file('RIFF', ...chunks);

const VALUES = [0, 0.5, -0.5, 0.25, -1];
const samples = Buffer.from(Int16Array.from(VALUES, (value) => value * 0x8000).buffer);

/** The samples of a file with one channel. */
function heard(octets: Buffer): number[] {
  const sound = readWaveFile(octets);
  if (sound?.kind !== 'pcm') throw new Error(`no samples: ${JSON.stringify(sound)}`);
  return [...(decodePcm(sound.data, sound.format)[0] ?? [])];
}

describe('the sound is found', () => {
  const format = formatChunk({});
  const data = chunk('data', samples);
  const list = chunk('LIST', Buffer.from('INFOabcd'));
  const ds64 = Buffer.alloc(28);
  ds64.writeBigUInt64LE(BigInt(samples.length), 8);

  test.for<[string, Buffer]>([
    ['in the plainest file', wave(format, data)],
    ['behind a chunk of an odd length', wave(format, chunk('odd ', Buffer.from('abc')), data)],
    [
      'behind two of them',
      wave(chunk('one ', Buffer.from('a')), format, chunk('odd ', Buffer.from('abc')), data),
    ],
    [
      'behind an odd chunk without its padding',
      wave(format, chunk('odd ', Buffer.from('abc'), 3, false), data),
    ],
    ['behind a LIST', wave(format, list, data)],
    ['in front of a LIST', wave(format, data, list)],
    ['in front of its format', wave(data, format)],
    [
      'behind a chunk that says it is longer than the file',
      wave(format, chunk('LIST', Buffer.from('INFO'), 9999), data),
    ],
    ['of a pipe, whose length is as long as can be', wave(format, chunk('data', samples, 0xffff_ffff))],
    [
      'of a pipe, whose length is nearly as long as can be',
      wave(format, chunk('data', samples, 0x7fff_ff00)),
    ],
    ['of a pipe, whose length is 0', wave(format, chunk('data', samples, 0))],
    ['where the header gives less than there is', wave(format, chunk('data', samples, 2))],
    ['where one octet is missing', wave(format, chunk('data', samples, samples.length + 1))],
    [
      'with its length in 64 bits',
      file('RF64', chunk('ds64', ds64), format, chunk('data', samples, 0xffff_ffff), list),
    ],
    [
      'in a broadcast file with its length in 64 bits',
      file('BW64', chunk('ds64', ds64), format, chunk('data', samples, 0xffff_ffff), list),
    ],
  ])('%s', ([, octets]) => {
    expect(heard(octets)).toEqual(VALUES);
  });

  test('at any offset', () => {
    for (let before = 0; before < 9; before++) {
      const octets = wave(format, chunk('junk', Buffer.alloc(before, 1)), data);
      for (let shift = 0; shift < 4; shift++) {
        const shifted = Buffer.concat([Buffer.alloc(shift), octets]).subarray(shift);
        expect(heard(shifted)).toEqual(VALUES);
      }
    }
  });

  test('as undefined, where there is none', () => {
    expect(heard(wave(format, chunk('data', Buffer.alloc(0)), list))).toEqual([]);
    expect(readWaveFile(wave(format))).toBeUndefined();
    expect(readWaveFile(wave(data))).toBeUndefined();
  });
});

describe('samples', () => {
  const written = (octets: number, write: (buffer: Buffer, value: number, at: number) => void): Buffer => {
    const buffer = Buffer.alloc(VALUES.length * octets);
    VALUES.forEach((value, i) => {
      write(buffer, value, i * octets);
    });
    return buffer;
  };
  const integers = (octets: number): Buffer =>
    written(octets, (buffer, value, at) => buffer.writeIntLE(value * 2 ** (octets * 8 - 1), at, octets));
  const unsigned = written(1, (buffer, value, at) => buffer.writeUInt8(value * 128 + 128, at));
  const float32 = written(4, (buffer, value, at) => buffer.writeFloatLE(value, at));
  const float64 = written(8, (buffer, value, at) => buffer.writeDoubleLE(value, at));
  const read = (format: Format, data: Buffer): number[] =>
    heard(wave(formatChunk(format), chunk('data', data)));

  test.for<[string, Format, Buffer]>([
    ['of 8 bits, unsigned', { bits: 8 }, unsigned],
    ['of 16 bits', { bits: 16 }, integers(2)],
    ['of 20 bits, in 24', { bits: 20 }, integers(3)],
    ['of 24 bits', { bits: 24 }, integers(3)],
    ['of 32 bits', { bits: 32 }, integers(4)],
    ['of 32 bits with a point', { tag: 3, bits: 32 }, float32],
    ['of 64 bits with a point', { tag: 3, bits: 64 }, float64],
    ['of 24 bits, extensible', { subformat: 1, bits: 24 }, integers(3)],
    ['of 32 bits with a point, extensible', { subformat: 3, bits: 32 }, float32],
  ])('%s', ([, format, data]) => {
    expect(read(format, data)).toEqual(VALUES);
  });

  test('in A-law and µ-law (ITU-T G.711)', () => {
    const ofALaw = read({ tag: 6, bits: 8 }, Buffer.from([0xd5, 0x55, 0xaa, 0x2a, 0x85]));
    expect(ofALaw.map((value) => value * 0x8000)).toEqual([8, -8, 32_256, -32_256, 4224]);
    const ofMuLaw = read({ tag: 7, bits: 8 }, Buffer.from([0xff, 0x80, 0x00]));
    expect(ofMuLaw.map((value) => value * 0x8000)).toEqual([0, 32_124, -32_124]);
  });

  test('that are not numbers are silence', () => {
    const buffer = Buffer.alloc(16);
    [NaN, Infinity, 1e30, 0.5].forEach((value, i) => buffer.writeFloatLE(value, i * 4));
    expect(read({ tag: 3, bits: 32 }, buffer)).toEqual([0, 0, 0, 0.5]);
  });

  test('of several channels are told apart', () => {
    const sound = readWaveFile(
      wave(
        formatChunk({ channels: 2 }),
        chunk('data', Buffer.from(Int16Array.of(0x4000, -0x4000, 0x2000).buffer)),
      ),
    ) as PcmSound;
    expect(decodePcm(sound.data, sound.format).map((channel) => [...channel])).toEqual([[0.5], [-0.5]]);
  });

  test('in big-endian files', () => {
    const swapped = wave(formatChunk({}), chunk('data', samples));
    swapped.write('RIFX');
    // Everything of 16 bits and all lengths the other way round.
    for (const at of [20, 22, 32, 34]) swapped.subarray(at, at + 2).swap16();
    for (const at of [16, 24, 28, 40]) swapped.subarray(at, at + 4).swap32();
    swapped.subarray(44, 44 + samples.length).swap16();
    expect(heard(swapped)).toEqual(VALUES);
  });
});

test.for<[number, string | undefined]>([
  [0x02, 'Microsoft ADPCM'],
  [0x11, 'IMA ADPCM'],
  [0x31, 'GSM'],
  [0x4711, undefined],
])('a WAV file of format %i holds %s', ([tag, codec]) => {
  const octets = wave(formatChunk({ tag }), chunk('data', samples));
  expect(readWaveFile(octets)).toEqual({ kind: 'compressed', codec });
});

test('a WAV file may hold MP3', () => {
  const octets = wave(formatChunk({ tag: 0x55 }), chunk('data', Buffer.from('frames')));
  expect(readWaveFile(octets)).toEqual({ kind: 'mpeg', data: Buffer.from('frames') });
});

test('any octets behind the beginning of a file are read without an exception', () => {
  const beginnings = fc.constantFrom(
    wave(),
    file('RIFX'),
    file('RF64', Buffer.from('ds64')),
    wave(formatChunk({})),
    wave(formatChunk({ tag: 3, bits: 32 }), Buffer.from('data')),
  );
  fc.assert(
    fc.property(beginnings, fc.uint8Array({ maxLength: 80 }), (beginning, octets) => {
      const sound = readWaveFile(Buffer.concat([beginning, octets]));
      expect(['pcm', 'mpeg', 'compressed', undefined]).toContain(sound?.kind);
    }),
  );
});
