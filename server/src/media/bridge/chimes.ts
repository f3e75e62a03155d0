import { OPUS } from '../codec/codec.ts';
import { amplitude } from '../codec/loudness.ts';

/** Hertz; a fourth apart. */
const LOW = 523.25;
const HIGH = 698.46;
/** Seconds that a note rings before the next one. */
const NOTE = 0.11;
const SECONDS = 0.5;
/** In dB below full scale: to be noticed, not to be talked over. */
const LEVEL = -24;
/** Seconds in which a note falls to a third. */
const DECAY = 0.09;
/** Seconds in which it rises, so that it does not click. */
const RISE = 0.006;

/** What those who are in a conference hear when someone joins, rising, or leaves, falling: 48 kHz, 16 bits. */
export const CHIMES: Readonly<Record<'joined' | 'left', Float32Array>> = {
  joined: notes([LOW, HIGH]),
  left: notes([HIGH, LOW]),
};

function notes(pitches: readonly number[]): Float32Array {
  const samples = new Float32Array(SECONDS * OPUS.clock);
  // A map over the samples, run once by code that is not compiled yet, was a tenth of the start of the server.
  for (const [note, pitch] of pitches.entries())
    for (let i = 0; i < samples.length; i++)
      samples[i] = (samples[i] ?? 0) + noteAt(pitch, i / OPUS.clock - note * NOTE);
  return samples;
}

/** A struck note, `seconds` after it was struck. */
function noteAt(pitch: number, seconds: number): number {
  if (seconds < 0) return 0;
  const envelope = Math.min(1, seconds / RISE) * Math.exp(-seconds / DECAY);
  return 0x8000 * amplitude(LEVEL) * envelope * Math.sin(2 * Math.PI * pitch * seconds);
}
