/** The music that callers on hold and parked callers hear: our own, made by rule. PURE. */

/** Samples a second. */
const RATE = 48_000;
/** Seconds of a chord: slow enough to be forgotten. */
const CHORD_SECONDS = 4.8;
/** Between two notes of a chord. */
const NOTE_SECONDS = 0.6;
/** Each chord: the bass, then the notes that are struck one after another, as semitones above C3. */
const CHORDS = [
  [-12, [12, 19, 16, 23, 19, 16, 14, 16]], // C, major seventh
  [-15, [12, 16, 19, 21, 19, 16, 12, 16]], // A minor, seventh
  [-19, [12, 17, 16, 21, 17, 16, 12, 16]], // F, major seventh
  [-17, [12, 17, 14, 19, 17, 14, 11, 14]], // G, suspended, then major
] as const;
const C3 = 130.81;
/** A struck note: how strong each of its partials is, and the seconds in which it falls to a third. */
const PARTIALS = [
  [1, 1, 1.1],
  [2, 0.22, 0.7],
  [3, 0.1, 0.4],
  [4, 0.03, 0.25],
] as const;
/** Of the bass: only what a small loudspeaker gives back. */
const BASS = [
  [1, 0.5, 3.5],
  [2, 0.5, 2.8],
] as const;
/** Seconds in which a note rises. */
const RISE = 0.02;
/** No note is heard any longer than this (seconds). */
const LONGEST = 9;
/** The root mean square, in dB below full scale: well below a voice, so that nobody holds the phone away. */
const LEVEL = -31;

/** One round of it, 19.2 s in whole frames of 20 ms, between -1 and 1. Every note rings on over the end into the beginning: there is no seam. */
export function holdMusic(): Float32Array {
  const music = new Float32Array(CHORDS.length * CHORD_SECONDS * RATE);
  CHORDS.forEach(([bass, notes], chord) => {
    const begin = chord * CHORD_SECONDS;
    strike(music, begin, C3 * 2 ** (bass / 12), BASS, 0.8);
    notes.forEach((note, i) => {
      strike(music, begin + i * NOTE_SECONDS, C3 * 2 ** (note / 12), PARTIALS, i === 0 ? 0.8 : 0.55);
    });
  });
  const power = music.reduce((sum, sample) => sum + sample * sample, 0) / music.length;
  const gain = 10 ** (LEVEL / 20) / Math.sqrt(power);
  return music.map((sample) => sample * gain);
}

function strike(
  music: Float32Array,
  at: number,
  hertz: number,
  partials: readonly (readonly [harmonic: number, strength: number, decay: number])[],
  strength: number,
): void {
  const begin = Math.round(at * RATE);
  const length = LONGEST * RATE;
  for (const [harmonic, share, decay] of partials) {
    const fall = Math.exp(-1 / (decay * RATE));
    const turn = (2 * Math.PI * hertz * harmonic) / RATE;
    const twice = 2 * Math.cos(turn);
    // Each sample of a sine follows from the two before it.
    let [last, sample] = [-Math.sin(turn), 0];
    for (let i = 0, loud = strength * share; i < length; i++, loud *= fall) {
      const rise = Math.min(1, i / (RISE * RATE));
      // The last second goes to nothing, so that the end of a note is not heard either.
      const envelope = rise * rise * (3 - 2 * rise) * Math.min(1, (length - i) / RATE);
      const place = (begin + i) % music.length;
      music[place] = (music[place] ?? 0) + loud * envelope * sample;
      [last, sample] = [sample, twice * sample - last];
    }
  }
}
