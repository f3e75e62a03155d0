/** Sounds that tests make and listen to. */

interface Wave {
  readonly rate: number;
  readonly bits: 8 | 16 | 24;
  readonly channels?: number;
  /** Between -1 and 1, channels interleaved. */
  readonly samples: readonly number[];
}

/** A WAV file of the plainest kind. */
export function waveFile({ rate, bits, channels = 1, samples }: Wave): Buffer {
  const octets = bits / 8;
  const file = Buffer.alloc(44 + samples.length * octets);
  file.write('RIFF', 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(channels, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * channels * octets, 28);
  file.writeUInt16LE(channels * octets, 32);
  file.writeUInt16LE(bits, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples.length * octets, 40);
  for (const [i, sample] of samples.entries()) {
    const value = Math.round(sample * (2 ** (bits - 1) - 1));
    if (bits === 8) file.writeUInt8(value + 128, 44 + i);
    else file.writeIntLE(value, 44 + i * octets, octets);
  }
  return file;
}

/** The frequency of a tone and its level in dB below full scale, edges left out. */
export function readTone(samples: readonly number[], rate: number): { frequency: number; level: number } {
  const middle = samples.slice(rate * 0.1, samples.length - rate * 0.1);
  const crossings = middle.filter((sample, i) => sample >= 0 && (middle[i - 1] ?? 0) < 0).length;
  const power = middle.reduce((sum, sample) => sum + (sample / 0x8000) ** 2, 0) / middle.length;
  return { frequency: (crossings * rate) / middle.length, level: 10 * Math.log10(power) };
}

/** How loud one frequency is in samples of 16 bits, in dB below full scale of a sine (Goertzel's algorithm). */
export function levelAt(frequency: number, samples: Int16Array, rate: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequency) / rate);
  let [one, two] = [0, 0];
  for (const sample of samples) [one, two] = [sample / 0x8000 + coefficient * one - two, one];
  const power = one * one + two * two - coefficient * one * two;
  return 10 * Math.log10((4 * power) / samples.length ** 2 + 1e-12);
}
