/**
 * One channel out of several, as loud as the loudest of them. A channel in opposite phase to the loudest one is
 * inverted first: channels of opposite polarity, as from a miswired cable, would cancel each other out. Sound that is in one channel
 * only is kept. PURE.
 */
export function mixDown(channels: readonly Float32Array[]): Float32Array {
  const [first] = channels;
  if (!first || channels.length === 1) return first ?? new Float32Array();
  const powers = channels.map((channel) => covariance(channel, channel));
  const highest = Math.max(...powers);
  const loudest = channels[powers.indexOf(highest)] ?? first;
  const mixed = new Float32Array(first.length);
  for (const channel of channels) {
    const sign = covariance(channel, loudest) < 0 ? -1 : 1;
    for (let i = 0; i < mixed.length; i++) mixed[i] = (mixed[i] ?? 0) + sign * (channel[i] ?? 0);
  }
  const power = covariance(mixed, mixed);
  const gain = power > 0 ? Math.sqrt(highest / power) : 0;
  return mixed.map((sample) => sample * gain);
}

/** Covariance of two channels: an offset from 0 does not count. */
function covariance(one: Float32Array, other: Float32Array): number {
  const [a, b] = [mean(one), mean(other)];
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += ((one[i] ?? 0) - a) * ((other[i] ?? 0) - b);
  return sum / one.length;
}

function mean(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample;
  return sum / samples.length;
}
