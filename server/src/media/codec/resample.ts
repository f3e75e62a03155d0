/** Zero crossings of the sinc on either side: what is left above the lower of the two Nyquist rates is below -60 dB. */
const CROSSINGS = 24;
/** Where the pass band ends, of the lower Nyquist rate: the filter's slope fits above it. */
const PASS_BAND = 0.94;

/** Samples at another rate, by band-limited interpolation with a Blackman-windowed sinc. PURE. */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples;
  const { phases, step, reach, kernel } = filterFor(from, to);
  return Float32Array.from({ length: Math.floor((samples.length * to) / from) }, (_, i) => {
    const at = i * step;
    const base = Math.floor(at / phases) - reach + 1;
    const row = (at % phases) * reach * 2;
    let sum = 0;
    for (let tap = 0; tap < reach * 2; tap++) sum += (samples[base + tap] ?? 0) * (kernel[row + tap] ?? 0);
    return sum;
  });
}

/**
 * The same for sound that comes piece by piece, one rate a multiple of the other. It is late by half the filter's length: 3.2 ms between
 * 8 and 48 kHz.
 */
export class StreamResampler {
  readonly #filter: Filter;
  /** As many samples from before as the filter has taps, then the present piece. */
  #samples: Float32Array;
  #output = new Float32Array();

  /** In samples a second. */
  constructor(from: number, to: number) {
    this.#filter = filterFor(from, to);
    this.#samples = new Float32Array(this.#filter.reach * 2);
  }

  /** The samples for this piece, of a whole number of them; valid until the next call. */
  convert(piece: Int16Array | Float32Array): Float32Array {
    const { phases, step, reach, kernel } = this.#filter;
    const taps = reach * 2;
    if (this.#samples.length < taps + piece.length) {
      const before = this.#samples.subarray(0, taps);
      this.#samples = new Float32Array(taps + piece.length);
      this.#samples.set(before);
    }
    const samples = this.#samples;
    samples.set(piece, taps);
    const length = (piece.length * phases) / step;
    if (this.#output.length !== length) this.#output = new Float32Array(length);
    for (let i = 0; i < length; i++) {
      const at = i * step;
      const base = Math.floor(at / phases) + 1;
      const row = (at % phases) * taps;
      let sum = 0;
      for (let tap = 0; tap < taps; tap++) sum += (samples[base + tap] ?? 0) * (kernel[row + tap] ?? 0);
      this.#output[i] = sum;
    }
    samples.copyWithin(0, piece.length, piece.length + taps);
    return this.#output;
  }
}

interface Filter {
  /** Output samples lie at so many places between two input samples, so many of those places apart. */
  readonly phases: number;
  readonly step: number;
  /** Input samples on either side of an output sample that count. */
  readonly reach: number;
  readonly kernel: Float32Array;
}

function filterFor(from: number, to: number): Filter {
  const divisor = greatestCommonDivisor(from, to);
  const phases = to / divisor;
  const cutoff = Math.min(1, to / from) * PASS_BAND;
  const reach = Math.ceil(CROSSINGS / cutoff);
  return { phases, step: from / divisor, reach, kernel: polyphaseKernel(phases, reach, cutoff) };
}

/** For each place between two samples, the weights of the samples around it; together 1, so that levels stay. */
function polyphaseKernel(phases: number, reach: number, cutoff: number): Float32Array {
  const taps = reach * 2;
  const kernel = new Float32Array(phases * taps);
  for (let phase = 0; phase < phases; phase++) {
    const row = kernel.subarray(phase * taps, (phase + 1) * taps);
    for (let tap = 0; tap < taps; tap++) {
      const distance = tap - reach + 1 - phase / phases;
      const x = Math.PI * distance * cutoff;
      const around = (Math.PI * distance) / reach;
      const window = 0.42 + 0.5 * Math.cos(around) + 0.08 * Math.cos(2 * around);
      row[tap] = (x === 0 ? 1 : Math.sin(x) / x) * window;
    }
    const sum = row.reduce((total, weight) => total + weight, 0);
    row.forEach((weight, tap) => (row[tap] = weight / sum));
  }
  return kernel;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
