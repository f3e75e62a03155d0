/** What SQLite's write-ahead log begins with, and what each of its frames has before its page (octets): https://www.sqlite.org/fileformat2.html#walformat */
export const WAL_HEADER = 32;
const FRAME_HEADER = 24;

/** The low bit of the first word says in which order the octets of a word are added up. */
const MAGIC = 0x377f0682;

type Checksum = readonly [number, number];

/** One life of a log: from when it begins until it begins anew. */
export interface WalLife {
  readonly pageSize: number;
  readonly isBigEndian: boolean;
  /** One more each time the log begins anew. */
  readonly salt: number;
  /** By chance each time. */
  readonly chance: number;
  readonly checksum: Checksum;
}

/** @returns `undefined` where these are not the first octets of a log, or not all of them are there yet. */
export function lifeOf(octets: Buffer): WalLife | undefined {
  if (octets.length < WAL_HEADER) return undefined;
  const magic = octets.readUInt32BE(0);
  if ((magic & ~1) >>> 0 !== MAGIC) return undefined;
  const isBigEndian = (magic & 1) === 1;
  const checksum = added([0, 0], octets, 0, 24, isBigEndian);
  if (octets.readUInt32BE(24) !== checksum[0] || octets.readUInt32BE(28) !== checksum[1]) return undefined;
  return {
    ...{ pageSize: octets.readUInt32BE(8), isBigEndian, checksum },
    ...{ salt: octets.readUInt32BE(16), chance: octets.readUInt32BE(20) },
  };
}

export const isSameLife = (one: WalLife, other: WalLife): boolean =>
  one.salt === other.salt && one.chance === other.chance;

/** Has the log begun anew once, and only once, in between? */
export const isNextLife = (one: WalLife, other: WalLife): boolean => other.salt === (one.salt + 1) >>> 0;

export const frameSize = ({ pageSize }: WalLife): number => FRAME_HEADER + pageSize;

/** What a frame says of itself and of all before it; `undefined` where there is not all of its header. */
export const checksumOf = (octets: Buffer, at = 0): Checksum | undefined =>
  octets.length < at + FRAME_HEADER
    ? undefined
    : [octets.readUInt32BE(at + 16), octets.readUInt32BE(at + 20)];

/**
 * How many of these octets are whole transactions.
 * @param octets of the log, from a place where a transaction ends
 * @param before the checksum there: each frame's goes on from the last one's, so that nothing else fits
 */
export function committed(life: WalLife, octets: Buffer, before: Checksum) {
  const size = frameSize(life);
  let [end, checksum] = [0, before];
  let running = before;
  for (let at = 0; at + size <= octets.length; at += size) {
    if (octets.readUInt32BE(at + 8) !== life.salt || octets.readUInt32BE(at + 12) !== life.chance) break;
    running = added(running, octets, at, at + 8, life.isBigEndian);
    running = added(running, octets, at + FRAME_HEADER, at + size, life.isBigEndian);
    const [one, two] = checksumOf(octets, at) ?? [];
    if (one !== running[0] || two !== running[1]) break;
    // The size of the database, only in a transaction's last frame.
    if (octets.readUInt32BE(at + 4) === 0) continue;
    [end, checksum] = [at + size, running];
  }
  return { end, checksum };
}

function added(
  [first, second]: Checksum,
  octets: Buffer,
  from: number,
  to: number,
  isBigEndian: boolean,
): Checksum {
  let [one, two] = [first, second];
  for (let at = from; at < to; at += 8) {
    one = (one + (isBigEndian ? octets.readUInt32BE(at) : octets.readUInt32LE(at)) + two) >>> 0;
    two = (two + (isBigEndian ? octets.readUInt32BE(at + 4) : octets.readUInt32LE(at + 4)) + one) >>> 0;
  }
  return [one, two];
}
