/** µ-law (ITU-T G.711), as linear samples of 16 bits and back. PURE. */

const BIAS = 0x84;
const LOUDEST = 0x7fff - BIAS;
/** Silence. */
export const PCMU_SILENCE = 0xff;

const LINEAR = Int16Array.from({ length: 256 }, (_, octet) => {
  const inverted = ~octet & 0xff;
  const magnitude = (((inverted & 0x0f) << 3) + BIAS) << ((inverted >> 4) & 7);
  return inverted & 0x80 ? BIAS - magnitude : magnitude - BIAS;
});

export function decodePcmu(octets: Uint8Array): Int16Array {
  return Int16Array.from(octets, (octet) => LINEAR[octet] ?? 0);
}

export function encodePcmu(samples: Int16Array): Uint8Array {
  return Uint8Array.from(samples, (sample) => {
    const magnitude = Math.min(Math.abs(sample), LOUDEST) + BIAS;
    const segment = 24 - Math.clz32(magnitude);
    return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f)) & 0xff;
  });
}
