/** What an Ogg file (RFC 3533) holds: several streams one after the other, and several at once. PURE. */

const HEADER = 27;
const CAPTURE_PATTERN = 'OggS';
const BEGIN_OF_STREAM = 0x02;

export type OggKind = 'Opus' | 'Vorbis' | 'FLAC' | 'Speex' | 'Theora' | 'unknown';

export interface OggStream {
  readonly kind: OggKind;
  /** The first packet, or as much of it as its page has. */
  readonly head: Buffer;
  /** Its pages alone, as a file of their own. */
  readonly file: Buffer;
}

/** How a stream's first packet begins. */
const MAGIC: readonly (readonly [magic: string, kind: OggKind])[] = [
  ['OpusHead', 'Opus'],
  ['\x01vorbis', 'Vorbis'],
  ['\x7fFLAC', 'FLAC'],
  ['fLaC', 'FLAC'],
  ['Speex   ', 'Speex'],
  ['\x80theora', 'Theora'],
];

/**
 * The links of a chain (RFC 3533 §4), in order, each with the streams that run in it at once: all of them begin before any
 * goes on. Anything that is not a whole page is skipped.
 */
export function oggLinks(file: Buffer): OggStream[][] {
  interface Growing {
    readonly serial: number;
    readonly head: Buffer;
    readonly pages: Buffer[];
  }
  const links: Growing[][] = [];
  let isBeginning = false;
  for (const page of pagesOf(file)) {
    const serial = page.readUInt32LE(14);
    if (page.readUInt8(5) & BEGIN_OF_STREAM) {
      const stream = { serial, head: page.subarray(HEADER + page.readUInt8(26)), pages: [page] };
      if (isBeginning) links.at(-1)?.push(stream);
      else links.push([stream]);
      isBeginning = true;
      continue;
    }
    isBeginning = false;
    links
      .at(-1)
      ?.find((stream) => stream.serial === serial)
      ?.pages.push(page);
  }
  return links.map((streams) =>
    streams.map(({ head, pages }) => ({ kind: kindOf(head), head, file: Buffer.concat(pages) })),
  );
}

function* pagesOf(file: Buffer): Generator<Buffer> {
  for (let at = 0; (at = file.indexOf(CAPTURE_PATTERN, at, 'latin1')) >= 0;) {
    if (at + HEADER > file.length) return;
    const table = file.subarray(at + HEADER, at + HEADER + file.readUInt8(at + 26));
    const end = table.reduce((sum, length) => sum + length, at + HEADER + table.length);
    if (table.length < file.readUInt8(at + 26) || end > file.length) at += CAPTURE_PATTERN.length;
    else {
      yield file.subarray(at, end);
      at = end;
    }
  }
}

function kindOf(head: Buffer): OggKind {
  const text = head.toString('latin1', 0, 8);
  return MAGIC.find(([magic]) => text.startsWith(magic))?.[1] ?? 'unknown';
}
