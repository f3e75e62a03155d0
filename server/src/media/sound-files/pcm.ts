/** Sound as its plain samples, in the ways that files write them. PURE. */
import { decodePcma } from './pcma.ts';
import { decodePcmu } from '../codec/pcmu.ts';

export interface PcmFormat {
  readonly encoding: 'signed' | 'unsigned' | 'float' | 'a-law' | 'mu-law';
  /** Octets of one sample. Samples of fewer bits occupy its upper bits. */
  readonly octets: number;
  readonly channels: number;
  readonly isBigEndian: boolean;
}

/** Can samples of this kind be read? */
export function isReadable({ encoding, octets }: PcmFormat): boolean {
  switch (encoding) {
    case 'signed':
    case 'unsigned':
      return octets >= 1 && octets <= 4;
    case 'float':
      return octets === 4 || octets === 8;
    default:
      return octets === 1;
  }
}

/** The channels of whole frames, each sample between -1 and 1; an incomplete frame at the end is dropped. */
export function decodePcm(data: Buffer, format: PcmFormat): Float32Array[] {
  const { octets, channels } = format;
  const read = readerOf(data, format);
  const frames = Math.floor(data.length / (octets * channels));
  return Array.from({ length: channels }, (_, channel) =>
    Float32Array.from({ length: frames }, (_, frame) => read((frame * channels + channel) * octets)),
  );
}

/** Reads the sample at an offset. */
function readerOf(data: Buffer, { encoding, octets, isBigEndian }: PcmFormat): (at: number) => number {
  const full = 2 ** (octets * 8 - 1);
  switch (encoding) {
    case 'signed':
      return isBigEndian
        ? (at) => data.readIntBE(at, octets) / full
        : (at) => data.readIntLE(at, octets) / full;
    case 'unsigned':
      return isBigEndian
        ? (at) => data.readUIntBE(at, octets) / full - 1
        : (at) => data.readUIntLE(at, octets) / full - 1;
    case 'float': {
      const view = new DataView(data.buffer, data.byteOffset, data.length);
      const read = (at: number): number =>
        octets === 4 ? view.getFloat32(at, !isBigEndian) : view.getFloat64(at, !isBigEndian);
      return (at) => finite(read(at));
    }
    case 'a-law':
    case 'mu-law': {
      const samples = encoding === 'a-law' ? decodePcma(data) : decodePcmu(data);
      return (at) => (samples[at] ?? 0) / 0x8000;
    }
  }
}

/** NaN counts as silence, and so does anything beyond 2^15 times full scale, which no program writes. */
const LOUDEST = 2 ** 15;
const finite = (sample: number): number => (Math.abs(sample) <= LOUDEST ? sample : 0);
