/**
 * The chunks of RIFF (WAV) and of IFF (AIFF) files: a name, a length, and as many octets, then one more where that is odd.
 * Files in use break each of these rules. PURE.
 */
export interface Chunk {
  readonly name: string;
  readonly data: Buffer;
}

const HEAD = 8;
/** The head of the outer chunk, which contains all others: its name, its length and the type of the file. */
const FIRST = 12;

interface ChunkOptions {
  readonly isBigEndian: boolean;
  /** The chunk with the sound: only it may be as long as the file. */
  readonly sound: string;
  /** The length of the sound where its own 32 bits are too few (RF64). */
  readonly soundLength?: number;
}

/**
 * Nothing is thrown: a chunk that exceeds the file is cut at its end, and a sound whose writer never
 * learnt how long it would be (a pipe: 0, or far too much) extends to the end of the file.
 */
export function* chunksOf(file: Buffer, { isBigEndian, sound, soundLength }: ChunkOptions): Generator<Chunk> {
  const lengthAt = (at: number): number =>
    isBigEndian ? file.readUInt32BE(at + 4) : file.readUInt32LE(at + 4);
  const isName = (at: number): boolean => /^[ -~]{4}$/.test(file.toString('latin1', at, at + 4));
  const isChunk = (at: number): boolean =>
    at + HEAD <= file.length && isName(at) && at + HEAD + lengthAt(at) <= file.length + 1;
  const isEnd = (at: number): boolean => at + HEAD > file.length;

  for (let at = FIRST; at + HEAD <= file.length;) {
    const name = file.toString('latin1', at, at + 4);
    const begin = at + HEAD;
    const length = name === sound ? (soundLength ?? lengthAt(at)) : lengthAt(at);
    const end = begin + length;
    const padded = end + (length & 1);
    if (name === sound) {
      const isRight = end <= file.length && [padded, end].some((next) => isChunk(next) || isEnd(next));
      yield { name, data: file.subarray(begin, isRight ? end : file.length) };
      if (!isRight) return;
    } else if (end > file.length) {
      // Its length is wrong, but the position of the sound is known.
      const next = file.indexOf(sound, begin, 'latin1');
      yield { name, data: file.subarray(begin, next < 0 ? file.length : next) };
      if (next < 0) return;
      at = next;
      continue;
    } else yield { name, data: file.subarray(begin, end) };
    at = padded > end && !isChunk(padded) && isChunk(end) ? end : padded;
  }
}
