/** Sound files that somebody uploaded, whatever they hold. In a worker's thread only: decoding takes its time. */
import { decoder as openWave } from '@audio/decode-wav';
import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import { MPEGDecoder } from 'mpg123-decoder';
import { OPUS } from './codec.ts';
import { openOggOpus, UnreadableSound } from './ogg-opus.ts';
import { OpusDecoder } from './opus-codec.ts';
import { isOpusPacket } from './opus-packet.ts';

/** A sound in mono, its samples between -1 and 1. */
export interface Samples {
  readonly samples: Float32Array;
  /** Samples a second. */
  readonly rate: number;
}

/** Says why in a sentence for people; what readers and decoders say of a file is for whoever knows formats. */
class RefusedSound extends UnreadableSound {}

/** A part of a sound as a decoder gives it. */
interface Piece {
  readonly channelData: readonly Float32Array[];
  readonly sampleRate: number;
}

const SLOWEST_RATE = 8000;
const FASTEST_RATE = 192_000;
/** Octets that a decoder is given at once: what they can become is bounded, and looked at before more are given. */
const FEED = 16 * 1024;
/** A page of Vorbis is hardly longer than its packets are many, each of which may become 4,096 samples. */
const VORBIS_FEED = 1024;

/** Decodes WAV, Ogg Vorbis, Ogg Opus or MP3. Rejects with `UnreadableSound`, whose message is a sentence for people. */
export async function decodeSoundFile(file: Buffer, longestMs: number): Promise<Samples> {
  const parts: Float32Array[] = [];
  let rate = 0;
  let count = 0;
  for await (const { channelData, sampleRate } of piecesOf(file)) {
    const mono = mixDown(channelData);
    if (mono.length === 0) continue;
    if (sampleRate < SLOWEST_RATE || sampleRate > FASTEST_RATE || (rate > 0 && sampleRate !== rate))
      throw unreadable();
    rate = sampleRate;
    count += mono.length;
    if (count > (longestMs / 1000) * rate)
      throw new RefusedSound(`This sound is longer than ${String(Math.round(longestMs / 1000))} seconds.`);
    parts.push(mono);
  }
  if (count === 0) throw unreadable();
  const samples = new Float32Array(count);
  parts.reduce((at, part) => (samples.set(part, at), at + part.length), 0);
  return { samples, rate };
}

/** What readers and decoders throw is the file's fault: they see nothing else. */
async function* piecesOf(file: Buffer): AsyncGenerator<Piece> {
  try {
    yield* decoderOf(file)(file);
  } catch (error) {
    throw error instanceof RefusedSound ? error : unreadable();
  }
}

function decoderOf(file: Buffer): (file: Buffer) => AsyncGenerator<Piece> | Generator<Piece> {
  const text = (begin: number, end: number): string => file.toString('latin1', begin, end);
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WAVE') return readWave;
  if (text(0, 4) === 'OggS') return text(28, 36) === 'OpusHead' ? readOpus : readVorbis;
  // An ID3 tag, or the first frame's sync word and a layer that is none of AAC's (ISO/IEC 11172-3 §2.4.1.3).
  const sync = file.length > 1 ? file.readUInt16BE(0) : 0;
  if (text(0, 3) === 'ID3' || ((sync & 0xffe0) === 0xffe0 && (sync & 0x0006) !== 0)) return readMp3;
  throw new RefusedSound('This is not a WAV, Ogg or MP3 file.');
}

function* readWave(file: Buffer): Generator<Piece> {
  checkWave(file);
  const wave = openWave();
  for (const chunk of chunksOf(file, FEED)) yield checked(wave.decode(chunk));
}

const WAVE_PCM = 1;
const WAVE_FLOAT = 3;
const WAVE_A_LAW = 6;
const WAVE_MU_LAW = 7;
const WAVE_EXTENSIBLE = 0xfffe;

/** A format that lies about the size of its samples would make the decoder give far more than the file holds. */
function checkWave(file: Buffer): void {
  for (let at = 12; at + 24 <= file.length; at += 8 + file.readUInt32LE(at + 4)) {
    const kind = file.toString('latin1', at, at + 4);
    if (kind === 'data') return;
    if (kind !== 'fmt ') continue;
    const tag = file.readUInt16LE(at + 8);
    const channels = file.readUInt16LE(at + 10);
    const bits = file.readUInt16LE(at + 22);
    const isKnown = [WAVE_PCM, WAVE_FLOAT, WAVE_A_LAW, WAVE_MU_LAW, WAVE_EXTENSIBLE].includes(tag);
    if (!isKnown || ![8, 16, 24, 32, 64].includes(bits)) throw unreadable();
    checkChannels(channels);
    if (file.readUInt16LE(at + 20) !== (channels * bits) / 8) throw unreadable();
  }
}

async function* readMp3(file: Buffer): AsyncGenerator<Piece> {
  const mp3 = new MPEGDecoder();
  await mp3.ready;
  for (const chunk of chunksOf(file, FEED)) yield mp3.decode(chunk);
}

async function* readVorbis(file: Buffer): AsyncGenerator<Piece> {
  // RFC 5215 and Vorbis I §4.2.2: after "\x01vorbis" and the version.
  if (file.toString('latin1', 28, 35) !== '\x01vorbis')
    throw new RefusedSound('This is not a WAV, Ogg or MP3 file.');
  checkChannels(file[39] ?? 0);
  const vorbis = new OggVorbisDecoder();
  await vorbis.ready;
  for (const chunk of chunksOf(file, VORBIS_FEED)) yield checked(await vorbis.decode(chunk));
  yield checked(await vorbis.flush());
}

function* readOpus(file: Buffer): Generator<Piece> {
  const { head, packets } = openOggOpus(file);
  checkChannels(head[9] ?? 0);
  if (head[18] !== 0) throw unreadable(); // mapping family 0: mono or stereo, in one stream (RFC 7845 §5.1.1)
  let skipped = head.readUInt16LE(10);
  const opus = new OpusDecoder(OPUS.clock);
  for (const packet of packets) {
    if (!isOpusPacket(packet)) continue;
    const samples = Float32Array.from(opus.decode(packet), (sample) => sample / 0x8000);
    yield { channelData: [samples.subarray(skipped)], sampleRate: OPUS.clock };
    skipped = Math.max(0, skipped - samples.length);
  }
}

function checkChannels(channels: number): void {
  if (channels < 1 || channels > 2) throw new RefusedSound('Only sounds in mono or stereo can be read.');
}

function checked(piece: Piece): Piece {
  if (piece.channelData[0]?.length) checkChannels(piece.channelData.length);
  return piece;
}

function mixDown(channels: readonly Float32Array[]): Float32Array {
  const [first, second] = channels;
  if (!first || !second) return first ?? new Float32Array();
  return first.map((sample, i) => (sample + (second[i] ?? 0)) / 2);
}

function* chunksOf(file: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < file.length; at += size) yield file.subarray(at, at + size);
}

function unreadable(): RefusedSound {
  return new RefusedSound('This file cannot be read. Please try another WAV, Ogg or MP3 file.');
}
