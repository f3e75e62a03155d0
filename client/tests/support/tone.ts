import { writeFile } from 'node:fs/promises';

const SAMPLE_RATE = 48_000;
const SECONDS = 10;
const AMPLITUDE = 0.4 * 0x7fff;

/** Writes a WAV file (mono, 16 bits) of a pure tone of whole waves, so that it can be repeated without a click. */
export async function writeTone(file: string, hertz: number): Promise<void> {
  const samples = Int16Array.from({ length: SAMPLE_RATE * SECONDS }, (_, n) =>
    Math.round(AMPLITUDE * Math.sin((2 * Math.PI * hertz * n) / SAMPLE_RATE)),
  );
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SAMPLE_RATE, 24);
  header.writeUInt32LE(SAMPLE_RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  await writeFile(file, Buffer.concat([header, Buffer.from(samples.buffer)]));
}
