const HEADER = 44;
const OCTETS_A_SAMPLE = 2;

/** One channel of sound as a WAV file of 16-bit samples (RIFF, PCM). */
export function wavOf(samples: Float32Array, sampleRate: number): Blob {
  const size = samples.length * OCTETS_A_SAMPLE;
  const view = new DataView(new ArrayBuffer(HEADER + size));
  const text = (at: number, word: string): void => {
    for (let index = 0; index < word.length; index++) view.setUint8(at + index, word.charCodeAt(index));
  };
  text(0, 'RIFF');
  view.setUint32(4, HEADER - 8 + size, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * OCTETS_A_SAMPLE, true);
  view.setUint16(32, OCTETS_A_SAMPLE, true);
  view.setUint16(34, 8 * OCTETS_A_SAMPLE, true);
  text(36, 'data');
  view.setUint32(40, size, true);
  samples.forEach((sample, index) => {
    const whole = Math.round(Math.min(1, Math.max(-1, sample)) * 0x7fff);
    view.setInt16(HEADER + index * OCTETS_A_SAMPLE, whole, true);
  });
  return new Blob([view.buffer], { type: 'audio/wav' });
}
