/** A-law (ITU-T G.711), as linear samples of 16 bits. PURE. */

const LINEAR = Int16Array.from({ length: 256 }, (_, octet) => {
  const bits = octet ^ 0x55;
  const segment = (bits >> 4) & 7;
  const step = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return bits & 0x80 ? magnitude : -magnitude;
});

export function decodePcma(octets: Uint8Array): Int16Array {
  return Int16Array.from(octets, (octet) => LINEAR[octet] ?? 0);
}
