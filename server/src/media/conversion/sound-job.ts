/** Decoding and encoding, which take too long for the thread that carries the calls. Runs in a worker. */
import { OPUS, PCMU } from '../codec/codec.ts';
import type { Codec } from '../codec/codec.ts';
import { amplitude, findSpeech, gainFor } from '../codec/loudness.ts';
import { readOggOpus, UnreadableSound } from '../ogg/ogg-opus.ts';
import { OpusDecoder, OpusEncoder } from '../codec/opus-codec.ts';
import { isOpusPacket } from '../codec/opus-packet.ts';
import { encodePcmu } from '../codec/pcmu.ts';
import { resample } from '../codec/resample.ts';
import { SampleFrames } from '../codec/sample-frames.ts';
import { decodeSoundFile } from '../sound-files/sound-file.ts';

export type SoundJob =
  /** An uploaded sound file becomes Opus. */
  | { readonly kind: 'convert'; readonly file: Uint8Array; readonly longestMs: number }
  /** A recording of ours becomes frames of 20 ms in this codec. */
  | { readonly kind: 'recode'; readonly file: Uint8Array; readonly codec: Codec['name'] };

/** The bit rate of the prompts: speech is as good as it gets, and music is fair. */
const BITRATE = 32_000;
const COMPLEXITY = 10;
/** A file whose loudest 20 ms are below this, in dB below full scale, is silence. */
const SILENCE = -60;
/** Noise in a faint recording is not lifted further than this, in dB. */
const MOST_GAIN = 30;

/** Opus packets, or frames in µ-law, of 20 ms each. Rejects with `UnreadableSound`. */
export async function runSoundJob(job: SoundJob): Promise<Uint8Array[]> {
  const file = Buffer.from(job.file.buffer, job.file.byteOffset, job.file.byteLength);
  if (job.kind === 'recode') return recode(file, job.codec);
  const { samples, rate } = await decodeSoundFile(file, job.longestMs);
  return encodeOpus([levelled(resample(samples, rate, OPUS.clock))]);
}

/** As loud as the prompts, in 16 bits. */
function levelled(samples: Float32Array): Int16Array {
  const speech = findSpeech(samples, OPUS.frame);
  if (!speech || speech.level < amplitude(SILENCE))
    throw new UnreadableSound('There is nothing to hear in this file.');
  const gain = Math.min(gainFor(speech), amplitude(MOST_GAIN));
  return Int16Array.from(samples, (sample) => Math.round(sample * gain * 0x7fff));
}

function recode(file: Buffer, codec: Codec['name']): Uint8Array[] {
  if (codec === 'opus') return encodeOpus(decodeOpus(file, OPUS.clock));
  const frames = new SampleFrames(PCMU.frame);
  const full = [...decodeOpus(file, PCMU.clock)].flatMap((samples) => frames.add(samples));
  return [...full, ...frames.end()].map(encodePcmu);
}

function* decodeOpus(file: Buffer, rate: Codec['clock']): Generator<Int16Array> {
  const decoder = new OpusDecoder(rate);
  for (const packet of readOggOpus(file)) if (isOpusPacket(packet)) yield decoder.decode(packet);
  decoder.close();
}

function encodeOpus(pieces: Iterable<Int16Array>): Uint8Array[] {
  const encoder = new OpusEncoder(OPUS.clock, BITRATE, COMPLEXITY);
  const frames = new SampleFrames(OPUS.frame);
  const packets = [...pieces].flatMap((samples) => frames.add(samples).map((frame) => encoder.encode(frame)));
  packets.push(...frames.end().map((frame) => encoder.encode(frame)));
  encoder.close();
  return packets;
}
