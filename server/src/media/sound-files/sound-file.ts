/** Reads uploaded sound files, whatever they hold. Only for a worker's thread: decoding takes long. */
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import { MPEGDecoder } from 'mpg123-decoder';
import { isAiff, readAiffFile } from './aiff-file.ts';
import { OPUS } from '../codec/codec.ts';
import { ADVICE, nameForeign } from './foreign-file.ts';
import { mixDown } from './mix-down.ts';
import { openOggOpus, UnreadableSound } from '../ogg/ogg-opus.ts';
import { oggLinks } from '../ogg/ogg-streams.ts';
import type { OggKind, OggStream } from '../ogg/ogg-streams.ts';
import { OpusDecoder } from '../codec/opus-codec.ts';
import { isOpusPacket } from '../codec/opus-packet.ts';
import { decodePcm, isReadable } from './pcm.ts';
import { resample } from '../codec/resample.ts';
import { isWave, readWaveFile } from './wave-file.ts';
import type { PcmSound, WaveSound } from './wave-file.ts';

/** A sound in mono, its samples between -1 and 1. */
export interface Samples {
  readonly samples: Float32Array;
  /** Samples a second. */
  readonly rate: number;
}

/** Its message is a sentence for users; messages of readers and decoders are for people who know formats. */
class RefusedSound extends UnreadableSound {}

/** A part of a sound as a decoder gives it. */
interface Piece {
  readonly channelData: readonly Float32Array[];
  readonly sampleRate: number;
}

type Pieces = AsyncGenerator<Piece> | Generator<Piece>;

const SLOWEST_RATE = 8000;
const FASTEST_RATE = 192_000;
const MOST_CHANNELS = 8;
/** Samples a second in all channels together: two at the fastest rate. */
const MOST_SAMPLES = 2 * FASTEST_RATE;
/** Parts of a file that differ in rate or channels: a chain of files has a few, noise that looks like sound has many. */
const MOST_STRETCHES = 8;
/** Octets that a decoder is given at once: their output is bounded, and is checked before more are given. */
const FEED = 16 * 1024;
/** A page of Vorbis may hold nearly as many packets as octets, and each may become 4,096 samples. */
const VORBIS_FEED = 1024;
/** A frame of FLAC may need a dozen octets for 65,535 samples. */
const FLAC_FEED = 512;

/** Decodes WAV, AIFF, FLAC, MP3, and Opus, Vorbis or FLAC in Ogg. Rejects with `UnreadableSound`, whose message is a sentence for people. */
export async function decodeSoundFile(file: Buffer, longestMs: number): Promise<Samples> {
  const stretches: { readonly rate: number; readonly parts: (readonly Float32Array[])[] }[] = [];
  let ms = 0;
  for await (const { channelData, sampleRate } of piecesOf(file)) {
    const [first] = channelData;
    if (!first?.length) continue;
    if (sampleRate < SLOWEST_RATE || sampleRate > FASTEST_RATE) throw unreadable();
    checkChannels(channelData.length);
    if (channelData.length * sampleRate > MOST_SAMPLES) throw unreadable();
    ms += (first.length / sampleRate) * 1000;
    if (ms > longestMs)
      throw new RefusedSound(`This sound is longer than ${String(Math.round(longestMs / 1000))} seconds.`);
    const last = stretches.at(-1);
    if (last?.rate === sampleRate && last.parts[0]?.length === channelData.length)
      last.parts.push(channelData);
    else stretches.push({ rate: sampleRate, parts: [channelData] });
    if (stretches.length > MOST_STRETCHES) throw unreadable();
  }
  const rate = stretches[0]?.rate;
  if (rate === undefined) throw unreadable();
  const samples = stretches.map((stretch) =>
    resample(mixDown(channelsOf(stretch.parts)), stretch.rate, rate),
  );
  return { samples: joined(samples), rate };
}

/** Readers and decoders see only the file, so whatever they throw is its fault. */
async function* piecesOf(file: Buffer): AsyncGenerator<Piece> {
  try {
    yield* open(file);
  } catch (error) {
    throw error instanceof RefusedSound ? error : unreadable();
  }
}

/** Finds the reader by how the file begins, behind tags and empty octets. */
function open(whole: Buffer): Pieces {
  const file = whole.subarray(beginningOf(whole));
  if (isWave(file)) return readWave(readWaveFile(file), 'a WAV file');
  if (isAiff(file)) return readWave(readAiffFile(file), 'an AIFF file');
  const magic = file.toString('latin1', 0, 4);
  if (magic === 'OggS') return readOgg(file);
  if (magic === 'fLaC') return readFlac(file);
  const foreign = nameForeign(file);
  if (foreign) throw new RefusedSound(`${foreign} ${ADVICE}`);
  // The first frame's sync word and a layer (ISO/IEC 11172-3 §2.4.1.3). Behind a tag anything may be MP3.
  const isMpeg = file.length > 1 && (file.readUInt16BE(0) & 0xffe0) === 0xffe0;
  if (isMpeg || file.length < whole.length) return readMpeg(file);
  throw new RefusedSound('This is not a WAV, Ogg or MP3 file.');
}

/** Behind ID3v2 tags (§3.1 of each), which may hold pictures, and behind padding. */
function beginningOf(file: Buffer): number {
  let at = 0;
  while (file.toString('latin1', at, at + 3) === 'ID3' && at + 10 <= file.length) {
    const length = [6, 7, 8, 9].reduce((sum, octet) => sum * 128 + (file.readUInt8(at + octet) & 0x7f), 0);
    at += 10 + length + (file.readUInt8(at + 5) & 0x10 ? 10 : 0);
  }
  while (at > 0 && file[at] === 0) at++;
  return Math.min(at, file.length);
}

function readWave(sound: WaveSound | undefined, name: string): Pieces {
  if (!sound) throw unreadable();
  if (sound.kind === 'mpeg') return readMpeg(sound.data);
  if (sound.kind === 'pcm') return readPcm(sound);
  const codec = sound.codec ?? 'compressed';
  throw new RefusedSound(`This is ${name} with ${codec} sound. ${ADVICE}`);
}

function* readPcm({ format, rate, data }: PcmSound): Generator<Piece> {
  checkChannels(format.channels);
  if (!isReadable(format)) throw unreadable();
  const frame = format.channels * format.octets;
  for (const part of partsOf(data, frame * Math.ceil(FEED / frame)))
    yield { channelData: decodePcm(part, format), sampleRate: rate };
}

async function* readMpeg(file: Buffer): AsyncGenerator<Piece> {
  const mpeg = new MPEGDecoder();
  await mpeg.ready;
  for (const part of partsOf(file, FEED)) yield mpeg.decode(part);
}

async function* readFlac(file: Buffer): AsyncGenerator<Piece> {
  const flac = new FLACDecoder();
  await flac.ready;
  for (const part of partsOf(file, FLAC_FEED)) yield await flac.decode(part);
  yield await flac.flush();
}

const OGG_READERS: Readonly<Partial<Record<OggKind, (stream: OggStream) => Pieces>>> = {
  Opus: readOpus,
  Vorbis: readVorbis,
  FLAC: ({ file }) => readFlac(file),
};

/** The first readable stream of each link of the chain, whatever runs beside it: a Skeleton, a picture. */
async function* readOgg(file: Buffer): AsyncGenerator<Piece> {
  const links = oggLinks(file);
  const readable = links.flatMap(
    (streams) => streams.find(({ kind }) => OGG_READERS[kind] !== undefined) ?? [],
  );
  if (readable.length === 0) {
    const kinds = new Set(links.flat().flatMap(({ kind }) => (kind === 'unknown' ? [] : [kind])));
    const codecs =
      kinds.size > 0 ? `with ${[...kinds].join(' and ')}` : 'without any sound that can be read here';
    throw new RefusedSound(`This is an Ogg file ${codecs}. ${ADVICE}`);
  }
  for (const stream of readable) yield* OGG_READERS[stream.kind]?.(stream) ?? [];
}

async function* readVorbis({ head, file }: OggStream): AsyncGenerator<Piece> {
  // Vorbis I §4.2.2: after "\x01vorbis" and the version.
  checkChannels(head[11] ?? 0);
  const vorbis = new OggVorbisDecoder();
  await vorbis.ready;
  for (const part of partsOf(file, VORBIS_FEED)) yield await vorbis.decode(part);
  yield await vorbis.flush();
}

function* readOpus({ file }: OggStream): Generator<Piece> {
  const { head, packets } = openOggOpus(file);
  const channels = head[9] ?? 0;
  if (channels !== 1 && channels !== 2)
    throw new RefusedSound('Opus can be read in mono or stereo only. Save it that way and upload it again.');
  // Mapping family 0, or any other with all in one stream (RFC 7845 §5.1.1).
  if (head[18] !== 0 && head[19] !== 1) throw unreadable();
  let skipped = head.readUInt16LE(10);
  const opus = new OpusDecoder(OPUS.clock, channels);
  for (const packet of packets) {
    if (!isOpusPacket(packet)) continue;
    const samples = opus.decode(packet);
    const channelData = Array.from({ length: channels }, (_, channel) =>
      Float32Array.from(
        { length: samples.length / channels },
        (_, i) => (samples[i * channels + channel] ?? 0) / 0x8000,
      ).subarray(skipped),
    );
    skipped = Math.max(0, skipped - samples.length / channels);
    yield { channelData, sampleRate: OPUS.clock };
  }
  opus.close();
}

function checkChannels(channels: number): void {
  if (channels < 1 || channels > MOST_CHANNELS)
    throw new RefusedSound(`Only sounds of 1 to ${String(MOST_CHANNELS)} channels can be read.`);
}

/** Joins the pieces of a stretch, channel by channel. */
function channelsOf(parts: readonly (readonly Float32Array[])[]): Float32Array[] {
  return (parts[0] ?? []).map((_, channel) =>
    joined(parts.map((part) => part[channel] ?? new Float32Array())),
  );
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}

function* partsOf(file: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < file.length; at += size) yield file.subarray(at, at + size);
}

function unreadable(): RefusedSound {
  return new RefusedSound('This file cannot be read. Please try another WAV, FLAC, Ogg or MP3 file.');
}
