/** Writes Ogg Opus (RFC 7845): first the head, then pages; after each of them the file is playable. PURE. */
import { FIRST_PAGE, LAST_PAGE, MOST_SEGMENTS, segmentsOf, writePage } from './ogg-page.ts';
import { OPUS_CLOCK, opusDuration } from '../codec/opus-packet.ts';

/** One stream in every file of ours: any number serves. */
const SERIAL = 1;
/** What a crash may lose of a recording, in samples. */
const LONGEST_PAGE = OPUS_CLOCK;
/** Every encoder's delay in samples: the first ones are not sound (RFC 7845 §4.2). */
const PRE_SKIP = 312;
const VENDOR = 'Perch';

/** The first two pages, `comments` in the second (`NAME=value`). Throws `RangeError` where they do not fit into a page. */
export function oggOpusHead(comments: readonly string[]): Buffer {
  const head = Buffer.alloc(19); // RFC 7845 §5.1: no gain, mapping family 0
  head.write('OpusHead', 'latin1');
  head.writeUInt8(1, 8); // version
  head.writeUInt8(1, 9); // mono; packets in stereo are mixed down by the player
  head.writeUInt16LE(PRE_SKIP, 10);
  head.writeUInt32LE(OPUS_CLOCK, 12);
  const tags = Buffer.concat([
    Buffer.from('OpusTags'),
    counted(VENDOR),
    uint32(comments.length),
    ...comments.map(counted),
  ]);
  return Buffer.concat([
    writePage({ flags: FIRST_PAGE, granule: 0, serial: SERIAL, sequence: 0, packets: [head] }),
    writePage({ flags: 0, granule: 0, serial: SERIAL, sequence: 1, packets: [tags] }),
  ]);
}

/** The pages after the head, for a sound that is already complete. */
export function oggOpusBody(packets: readonly Uint8Array[]): Buffer {
  const pages = new OggOpusPages();
  return Buffer.concat([...packets.flatMap((packet) => pages.append(packet) ?? []), pages.end()]);
}

/** The pages after the head, as their packets arrive, without gaps. */
export class OggOpusPages {
  #sequence = 2;
  /** Samples on pages that were given. */
  #written = 0;
  #packets: Uint8Array[] = [];
  #segments = 0;
  /** Samples on the page that is being filled. */
  #waiting = 0;

  /** The length of the sound so far. */
  get durationMs(): number {
    return ((this.#written + this.#waiting) * 1000) / OPUS_CLOCK;
  }

  /** Takes a whole packet (`isOpusPacket`); returns the current page if the packet no longer fits on it. */
  append(packet: Uint8Array): Buffer | undefined {
    const samples = (opusDuration(packet) * OPUS_CLOCK) / 1000;
    const segments = segmentsOf(packet);
    const isFull = this.#waiting + samples > LONGEST_PAGE || this.#segments + segments > MOST_SEGMENTS;
    const page = isFull ? this.#turn(0) : undefined;
    this.#packets.push(packet);
    this.#segments += segments;
    this.#waiting += samples;
    return page;
  }

  /** The last page. */
  end(): Buffer {
    return this.#turn(LAST_PAGE);
  }

  #turn(flags: number): Buffer {
    this.#written += this.#waiting;
    const page = writePage({
      flags,
      granule: this.#written,
      serial: SERIAL,
      sequence: this.#sequence++,
      packets: this.#packets,
    });
    this.#packets = [];
    this.#segments = 0;
    this.#waiting = 0;
    return page;
  }
}

function counted(text: string): Buffer {
  const octets = Buffer.from(text);
  return Buffer.concat([uint32(octets.length), octets]);
}

function uint32(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeUInt32LE(value);
  return octets;
}
