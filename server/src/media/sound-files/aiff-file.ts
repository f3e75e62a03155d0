/** Reads the headers of AIFF and AIFF-C files, the counterpart of WAV on Apple's computers. PURE. */
import { chunksOf } from './iff-chunks.ts';
import type { PcmFormat } from './pcm.ts';
import type { PcmSound } from './wave-file.ts';

/** Compression types of AIFF-C; plain AIFF is `NONE`. */
const ENCODINGS: Readonly<
  Record<
    string,
    { readonly encoding: PcmFormat['encoding']; readonly octets?: number; readonly isBigEndian?: false }
  >
> = {
  NONE: { encoding: 'signed' },
  twos: { encoding: 'signed' },
  sowt: { encoding: 'signed', isBigEndian: false },
  'raw ': { encoding: 'unsigned' },
  fl32: { encoding: 'float', octets: 4 },
  FL32: { encoding: 'float', octets: 4 },
  fl64: { encoding: 'float', octets: 8 },
  FL64: { encoding: 'float', octets: 8 },
  alaw: { encoding: 'a-law', octets: 1 },
  ALAW: { encoding: 'a-law', octets: 1 },
  ulaw: { encoding: 'mu-law', octets: 1 },
  ULAW: { encoding: 'mu-law', octets: 1 },
};

export function isAiff(file: Buffer): boolean {
  return /^FORM[^]{4}AIF[FC]$/.test(file.toString('latin1', 0, 12));
}

/** Undefined where there is no sound; `compressed` where it is in a form that cannot be read here. */
export function readAiffFile(
  file: Buffer,
): PcmSound | { readonly kind: 'compressed'; readonly codec: string | undefined } | undefined {
  const found = new Map<string, Buffer>();
  for (const { name, data } of chunksOf(file, { isBigEndian: true, sound: 'SSND' }))
    if (!found.has(name)) found.set(name, data);
  const common = found.get('COMM');
  const sound = found.get('SSND');
  if (!common || common.length < 18 || !sound || sound.length < 8) return undefined;

  const name = file.toString('latin1', 8, 12) === 'AIFF' ? 'NONE' : common.toString('latin1', 18, 22);
  const known = ENCODINGS[name];
  if (!known) return { kind: 'compressed', codec: undefined };
  const octets = known.octets ?? Math.ceil(common.readUInt16BE(6) / 8);
  const format = { isBigEndian: true, channels: common.readUInt16BE(0), ...known, octets };
  return { kind: 'pcm', format, rate: extended(common, 8), data: sound.subarray(8 + sound.readUInt32BE(0)) };
}

/** A number of 80 bits (IEEE 754's extended format): 15 bits of exponent, 64 of mantissa. */
function extended(octets: Buffer, at: number): number {
  const exponent = (octets.readUInt16BE(at) & 0x7fff) - 16_383 - 31;
  return Math.round(octets.readUInt32BE(at + 2) * 2 ** exponent);
}
