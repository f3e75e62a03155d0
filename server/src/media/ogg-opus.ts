/** Ogg Opus (RFC 7845): the container in which prompts lie on disk. Reads whole files of our own making. */

const PAGE_HEADER = 27;
const CAPTURE_PATTERN = 'OggS';
/** Samples a second of Opus's clock, whatever the encoder was fed with (RFC 7845 §4). */
const OPUS_CLOCK = 48_000;

export class UnreadableSound extends Error {
  override readonly name = 'UnreadableSound';
}

/** The Opus packets of a file in order, without its two header packets. Throws `UnreadableSound`. */
export function readOggOpus(file: Buffer): Buffer[] {
  const [head, tags, ...packets] = readPackets(file);
  if (head?.toString('latin1', 0, 8) !== 'OpusHead') throw new UnreadableSound('no OpusHead (RFC 7845 §5.1)');
  if (tags?.toString('latin1', 0, 8) !== 'OpusTags') throw new UnreadableSound('no OpusTags (RFC 7845 §5.2)');
  return packets;
}

/** The milliseconds that an Opus packet lasts, by its first octets (RFC 6716 §3.1, §3.2). */
export function opusDuration(packet: Uint8Array): number {
  const [toc, counts = 0] = packet;
  if (toc === undefined) throw new UnreadableSound('an empty Opus packet');
  const code = toc & 3;
  const frames = code === 0 ? 1 : code === 3 ? counts & 0x3f : 2;
  return (frames * samplesInFrame(toc >> 3) * 1000) / OPUS_CLOCK;
}

/** Samples of one frame by the configuration number (RFC 6716 §3.1, table 2). */
function samplesInFrame(configuration: number): number {
  const silk = [480, 960, 1920, 2880];
  const hybrid = [480, 960];
  const celt = [120, 240, 480, 960];
  const samples =
    configuration < 12
      ? silk[configuration % 4]
      : configuration < 16
        ? hybrid[configuration % 2]
        : celt[configuration % 4];
  return samples ?? 0;
}

/** Pages to packets: a packet goes on through segments of 255 octets, across pages too (RFC 3533 §6). */
function readPackets(file: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  let pieces: Buffer[] = [];
  for (let page = 0; page < file.length;) {
    if (file.toString('latin1', page, page + 4) !== CAPTURE_PATTERN)
      throw new UnreadableSound(`no Ogg page at ${page}`);
    if (page + PAGE_HEADER > file.length) throw new UnreadableSound('the file ends inside a page header');
    const segments = file.readUInt8(page + 26);
    const table = file.subarray(page + PAGE_HEADER, page + PAGE_HEADER + segments);
    let at = page + PAGE_HEADER + segments;
    for (const length of table) {
      pieces.push(file.subarray(at, at + length));
      at += length;
      if (length === 255) continue;
      packets.push(Buffer.concat(pieces));
      pieces = [];
    }
    if (table.length < segments || at > file.length) throw new UnreadableSound('the file ends inside a page');
    page = at;
  }
  return packets;
}
