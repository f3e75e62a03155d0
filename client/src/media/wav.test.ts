import { expect, test } from 'vitest';
import { wavOf } from './wav.ts';

test('a WAV file says what is in it, and has every sample in it', async () => {
  const view = new DataView(await wavOf(Float32Array.of(0, 0.5, -0.5, 1, -1, 2), 48_000).arrayBuffer());
  const word = (at: number): string =>
    String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(at + index)));
  expect([word(0), word(8), word(12), word(36)]).toEqual(['RIFF', 'WAVE', 'fmt ', 'data']);
  expect([view.getUint32(4, true), view.getUint32(40, true), view.byteLength]).toEqual([48, 12, 56]);
  expect([view.getUint16(20, true), view.getUint16(22, true), view.getUint16(34, true)]).toEqual([1, 1, 16]);
  expect([view.getUint32(24, true), view.getUint32(28, true), view.getUint16(32, true)]).toEqual([
    48_000, 96_000, 2,
  ]);
  const samples = [0, 1, 2, 3, 4, 5].map((index) => view.getInt16(44 + 2 * index, true));
  expect(samples).toEqual([0, 16384, -16383, 32767, -32767, 32767]);
});
