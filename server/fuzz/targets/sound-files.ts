import assert from 'node:assert/strict';
import { isAiff, readAiffFile } from '../../src/media/sound-files/aiff-file.ts';
import { nameForeign } from '../../src/media/sound-files/foreign-file.ts';
import { decodePcm, isReadable } from '../../src/media/sound-files/pcm.ts';
import { isWave, type PcmSound, readWaveFile } from '../../src/media/sound-files/wave-file.ts';
import type { Target } from '../target.ts';

/** As many channels as are read (`sound-file.ts`). */
const MOST_CHANNELS = 8;

/** The samples, each between -1 and 1 where they are not floating-point numbers. */
function samplesOf({ format, data }: PcmSound): readonly Float32Array[] | undefined {
  if (!isReadable(format) || format.channels < 1 || format.channels > MOST_CHANNELS) return undefined;
  const channels = decodePcm(data, format);
  const frames = Math.floor(data.length / (format.octets * format.channels));
  assert.deepEqual(
    channels.map(({ length }) => length),
    Array(format.channels).fill(frames),
    'frames were lost',
  );
  const loudest = format.encoding === 'float' ? 2 ** 15 : 1;
  assert.ok(
    channels.every((samples) => samples.every((sample) => Math.abs(sample) <= loudest)),
    'no sample at all',
  );
  return channels;
}

/** A chunk of RIFF, or of IFF where numbers are big-endian. */
function chunk(name: string, data: Buffer, isBigEndian = false): Buffer {
  const head = Buffer.from(`${name}0000`, 'latin1');
  if (isBigEndian) head.writeUInt32BE(data.length, 4);
  else head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length & 1)]);
}
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const PCM = hex('0100 0100 401f0000 803e0000 0200 1000');
const EXTENSIBLE = hex(
  'feff 0200 80bb0000 00dc0500 0800 2000 1600 2000 03000000 03000000 00001000 800000aa00389b71',
);

export const target: Target = {
  seeds: [
    chunk(
      'RIFF',
      Buffer.concat([
        Buffer.from('WAVE'),
        chunk('fmt ', PCM),
        chunk('LIST', Buffer.from('odd')),
        chunk('data', Buffer.alloc(8, 9)),
      ]),
    ),
    chunk(
      'RIFF',
      Buffer.concat([Buffer.from('WAVE'), chunk('fmt ', EXTENSIBLE), chunk('data', Buffer.alloc(16, 3))]),
    ),
    chunk(
      'RF64',
      Buffer.concat([
        Buffer.from('WAVE'),
        chunk('ds64', Buffer.alloc(28, 0).fill(8, 8, 9)),
        chunk('fmt ', PCM),
        chunk('data', Buffer.alloc(8, 9)),
      ]),
    ),
    chunk(
      'FORM',
      Buffer.concat([
        Buffer.from('AIFC'),
        chunk('COMM', hex('0001 00000004 0010 400cfa00000000000000 736f7774 0000'), true),
        chunk('SSND', Buffer.alloc(16), true),
      ]),
      true,
    ),
    Buffer.from('\0\0\0\x18ftypM4A \0\0\0\0stsd\0\0\0\0\0\0\0\x01\0\0\0\x20mp4a', 'latin1'),
  ],
  dictionary: [
    ...[
      'RIFF',
      'RIFX',
      'RF64',
      'WAVE',
      'fmt ',
      'data',
      'ds64',
      'LIST',
      'FORM',
      'AIFF',
      'AIFC',
      'COMM',
      'SSND',
    ],
    ...[
      'NONE',
      'sowt',
      'fl32',
      'fl64',
      'alaw',
      'ULAW',
      'ftyp',
      'stsd',
      '\xff\xff\xff\xff',
      '\xfe\xff',
      '\x06\0',
      '\x50\0',
    ],
  ],
  parse(input) {
    const sounds = [readWaveFile(input), readAiffFile(input)];
    const samples = sounds.map((sound) => (sound?.kind === 'pcm' ? samplesOf(sound) : undefined));
    return { sounds, samples, kinds: [isWave(input), isAiff(input), nameForeign(input)] };
  },
};
