/** Zero crossings of the sinc on either side: what is left above the lower of the two Nyquist rates is below -60 dB. */
const CROSSINGS = 24;
/** Where the pass band ends, of the lower Nyquist rate: the filter's slope fits above it. */
const PASS_BAND = 0.94;

/** Samples at another rate, by band-limited interpolation with a Blackman-windowed sinc. PURE. */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples;
  const divisor = greatestCommonDivisor(from, to);
  const phases = to / divisor;
  const step = from / divisor;
  const cutoff = Math.min(1, to / from) * PASS_BAND;
  const reach = Math.ceil(CROSSINGS / cutoff);
  const kernel = polyphaseKernel(phases, reach, cutoff);

  return Float32Array.from({ length: Math.floor((samples.length * to) / from) }, (_, i) => {
    const at = i * step;
    const base = Math.floor(at / phases) - reach + 1;
    const row = (at % phases) * reach * 2;
    let sum = 0;
    for (let tap = 0; tap < reach * 2; tap++) sum += (samples[base + tap] ?? 0) * (kernel[row + tap] ?? 0);
    return sum;
  });
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
