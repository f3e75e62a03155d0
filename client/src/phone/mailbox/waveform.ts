/** A recording below this level is silence, and is not drawn as speech. */
const SILENCE = 0.003;

/** The loudest sample (0 to 1) of each of `count` parts that are as even as they can be. */
export function peaksOf(samples: ArrayLike<number>, count: number): number[] {
  const peaks = new Array<number>(count).fill(0);
  for (let part = 0; part < count; part++) {
    // A part is never empty, also where there are fewer samples than parts.
    const from = Math.floor((part * samples.length) / count);
    const to = Math.max(from + 1, Math.floor(((part + 1) * samples.length) / count));
    let peak = 0;
    for (let at = from; at < to; at++) peak = Math.max(peak, Math.abs(samples[at] ?? 0));
    peaks[part] = peak;
  }
  return peaks;
}

/** As heights (0 to 1) that fill the picture: the loudest is 1, and quiet speech can still be seen. */
export function heightsOf(peaks: readonly number[], count: number): number[] {
  const bars = peaksOf(peaks, count);
  const loudest = bars.reduce((most, peak) => Math.max(most, peak), 0);
  return bars.map((peak) => (loudest < SILENCE ? 0 : Math.sqrt(peak / loudest)));
}
