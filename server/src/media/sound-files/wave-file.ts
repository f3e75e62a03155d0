/** WAV files (RIFF, its big-endian variant RIFX, and RF64 and BW64 for lengths of 64 bits), as far as their headers go. PURE. */
import { chunksOf } from './iff-chunks.ts';
import type { PcmFormat } from './pcm.ts';

export interface PcmSound {
  readonly kind: 'pcm';
  readonly format: PcmFormat;
  /** Samples a second. */
  readonly rate: number;
  readonly data: Buffer;
}

/** The sound of a file that can be read, or is passed to another reader; or the format, where it cannot be read here. */
export type WaveSound =
  | PcmSound
  | { readonly kind: 'mpeg'; readonly data: Buffer }
  /** Its name, where there is a well-known one. */
  | { readonly kind: 'compressed'; readonly codec: string | undefined };

const PCM = 1;
const FLOAT = 3;
const A_LAW = 6;
const MU_LAW = 7;
const EXTENSIBLE = 0xfffe;
const MPEG_TAGS = [0x50, 0x55];
/** The formats of RFC 2361 that are still found. */
const CODECS: Readonly<Record<number, string>> = {
  0x02: 'Microsoft ADPCM',
  0x10: 'OKI ADPCM',
  0x11: 'IMA ADPCM',
  0x14: 'G.723 ADPCM',
  0x17: 'Dialogic ADPCM',
  0x22: 'TrueSpeech',
  0x31: 'GSM',
  0x40: 'G.721 ADPCM',
  0x42: 'G.723.1',
  0x45: 'G.726 ADPCM',
  0x64: 'G.726 ADPCM',
  0x65: 'G.722',
  0x83: 'G.729',
  0xff: 'AAC',
  0x160: 'Windows Media',
  0x161: 'Windows Media',
  0x162: 'Windows Media',
  0x163: 'Windows Media',
  0x28f: 'G.722',
  0x1600: 'AAC',
  0x1610: 'AAC',
  0x2000: 'AC-3',
  0xf1ac: 'FLAC',
};
/** The offset of the real format's tag in a WAVE_FORMAT_EXTENSIBLE: the beginning of a GUID. */
const SUBFORMAT = 24;

export function isWave(file: Buffer): boolean {
  const text = file.toString('latin1', 0, 12);
  return /^(RIFF|RIFX|RF64|BW64)/.test(text) && text.endsWith('WAVE');
}

/** Undefined where there is no sound, or the format contradicts itself. */
export function readWaveFile(file: Buffer): WaveSound | undefined {
  const isBigEndian = file.toString('latin1', 0, 4) === 'RIFX';
  const found = new Map<string, Buffer>();
  for (const { name, data } of chunksOf(file, { isBigEndian, sound: 'data', ...longLength(file) }))
    if (!found.has(name)) found.set(name, data);
  const format = found.get('fmt ');
  const data = found.get('data');
  if (!format || !data || format.length < 14) return undefined;

  const uint16 = (at: number): number =>
    at + 2 > format.length ? 0 : isBigEndian ? format.readUInt16BE(at) : format.readUInt16LE(at);
  const tag = uint16(0) === EXTENSIBLE ? uint16(SUBFORMAT) : uint16(0);
  if (MPEG_TAGS.includes(tag)) return { kind: 'mpeg', data };
  if (![PCM, FLOAT, A_LAW, MU_LAW].includes(tag)) return { kind: 'compressed', codec: CODECS[tag] };

  const channels = uint16(2);
  const octets = Math.ceil((uint16(14) || 8) / 8); // a format of 14 octets, which is G.711's, gives no bits
  // Readers go by frames: a frame length that does not match its samples would give noise, or never end.
  if (channels > 0 && uint16(12) !== channels * octets) return undefined;
  const rate = isBigEndian ? format.readUInt32BE(4) : format.readUInt32LE(4);
  const encoding = encodingOf(tag, octets);
  return { kind: 'pcm', format: { encoding, octets, channels, isBigEndian }, rate, data };
}

/** In WAV, samples of 8 bits are unsigned and all others signed. */
function encodingOf(tag: number, octets: number): PcmFormat['encoding'] {
  if (tag === FLOAT) return 'float';
  if (tag === A_LAW) return 'a-law';
  if (tag === MU_LAW) return 'mu-law';
  return octets === 1 ? 'unsigned' : 'signed';
}

/** The second of ds64's lengths (EBU Tech 3306 §4), which has to be the first chunk. */
function longLength(file: Buffer): { readonly soundLength?: number } {
  if (file.toString('latin1', 12, 16) !== 'ds64' || file.length < 36) return {};
  return { soundLength: Number(file.readBigUInt64LE(28)) };
}
