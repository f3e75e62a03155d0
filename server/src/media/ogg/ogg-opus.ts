/** Ogg Opus (RFC 7845): the container in which prompts and recordings lie on disk. Reads whole files. PURE. */

const PAGE_HEADER = 27;
const CAPTURE_PATTERN = 'OggS';

export class UnreadableSound extends Error {
  override readonly name = 'UnreadableSound';
}

/** The Opus packets of a file in order, without its two header packets. Throws `UnreadableSound`. */
export function readOggOpus(file: Buffer): Buffer[] {
  return [...openOggOpus(file).packets];
}

/**
 * The same one by one, throwing on the way: even a file of nothing but empty packets takes no memory. `head` is
 * the identification header (RFC 7845 §5.1), whole.
 */
export function openOggOpus(file: Buffer): { readonly head: Buffer; readonly packets: Iterable<Buffer> } {
  const packets = readPackets(file);
  const head = packets.next().value;
  if (!head || head.length < 19 || head.toString('latin1', 0, 8) !== 'OpusHead')
    throw new UnreadableSound('no OpusHead (RFC 7845 §5.1)');
  const tags = packets.next().value;
  if (tags?.toString('latin1', 0, 8) !== 'OpusTags') throw new UnreadableSound('no OpusTags (RFC 7845 §5.2)');
  return { head, packets };
}

/** Pages to packets: a packet continues through segments of 255 octets, across pages too (RFC 3533 §6). */
function* readPackets(file: Buffer): Generator<Buffer, undefined> {
  let pieces: Buffer[] = [];
  for (let page = 0; page < file.length;) {
    if (file.toString('latin1', page, page + 4) !== CAPTURE_PATTERN)
      throw new UnreadableSound(`no Ogg page at ${page}`);
    if (page + PAGE_HEADER > file.length) throw new UnreadableSound('the file ends inside a page header');
    const segments = file.readUInt8(page + 26);
    const table = file.subarray(page + PAGE_HEADER, page + PAGE_HEADER + segments);
    let at = page + PAGE_HEADER + segments;
    for (const length of table) {
      if (length === 0 && pieces.length === 0) continue; // no packet has no octets
      const piece = file.subarray(at, at + length);
      at += length;
      if (length < 255 && pieces.length === 0) {
        yield piece; // as nearly all of speech is: nothing is copied
        continue;
      }
      pieces.push(piece);
      if (length === 255) continue;
      yield Buffer.concat(pieces);
      pieces = [];
    }
    if (table.length < segments || at > file.length) throw new UnreadableSound('the file ends inside a page');
    page = at;
  }
  return undefined;
}
