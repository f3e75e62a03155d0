/** Receives what was read. */
export interface FrameSink {
  /** A whole text or binary message that came in one frame, decoded as latin1. */
  message(message: string): void;
  /** A whole frame of any other kind, except pongs; or, from the first illegal frame on, everything that came. */
  other(octets: Buffer): void;
  /** A pong, of which nothing matters but that it came. */
  pong(octets: number): void;
}

const FIN = 0x80;
const RESERVED = 0x70;
const OPCODE = 0x0f;
const CONTINUATION = 0;
const BINARY = 2;
const CLOSE = 8;
const PONG = 10;
const LONGEST_CONTROL = 125;
const MASKED = 0x80;
const LENGTH = 0x7f;
const MASK_OCTETS = 4;
/** Octets from which the header's length is known. */
const SHORTEST_HEADER = 2;
/** Pieces of one frame that are kept before they are joined: copying stays linear, and tiny pieces do not cost a buffer each. */
const MOST_PIECES = 64;

/** Frames that are handled at once. More than that in one piece of input are a flood, or a page that ends all of its calls. */
const MOST_AT_ONCE = 4;
/** Octets after which no other frame is handled at once: long ones take as much time as several. */
const MOST_OCTETS_AT_ONCE = 4 * 1024;

/** Where payloads are unmasked, a word at a time; the last word may be incomplete. */
const words = new Int32Array((64 * 1024) / 4 + 1);
const payload = Buffer.from(words.buffer);
const maskWord = new Int32Array(1);
const maskOctets = Buffer.from(maskWord.buffer);

/**
 * Reads a client's WebSocket frames (RFC 6455 §5). Written for speed: a message that comes in one frame, as SIP's do, costs one
 * copy and one string. It judges nothing: a frame of any other kind goes on, whole, to a full implementation. Of many frames that come
 * together it reads some at a time.
 */
export class FrameReader {
  readonly #sink: FrameSink;
  readonly #largest: number;
  /** The beginning of a frame of which not all has come. */
  #pieces: Buffer[] | undefined;
  #have = 0;
  /** Octets that must be there before the pieces are worth looking at. */
  #want = 0;
  /** Between the fragments of a message. */
  #fragmented = false;
  /** Nothing more is read: everything is passed on or, after a close frame, dropped. */
  #over: 'passing' | 'ended' | undefined;
  /** Enough was read for now. */
  #paused = false;
  /** Of what comes, only a close frame matters. */
  #skims = false;

  /** `largest`: octets in a message, up to 64 KiB. */
  constructor(sink: FrameSink, largest: number) {
    this.#sink = sink;
    this.#largest = Math.min(largest, payload.length - 4);
  }

  /** Returns whether there may be more frames in what has come: these are for `goOn`. */
  read(chunk: Buffer): boolean {
    if (this.#over !== undefined) {
      if (this.#over === 'passing') this.#sink.other(chunk);
      return false;
    }
    const octets = this.#joined(chunk);
    return octets !== undefined && this.#some(octets);
  }

  /** Reads some more of the frames that have come; returns as `read` does. */
  goOn(): boolean {
    const [first, ...others] = this.#pieces ?? [];
    if (first === undefined) return false;
    this.#pieces = undefined;
    const octets = others.length === 0 ? first : Buffer.concat([first, ...others]);
    if (this.#over !== undefined) {
      this.#sink.other(octets);
      return false;
    }
    return this.#some(octets);
  }

  /** Octets that have come and are kept. */
  get held(): number {
    return this.#pieces === undefined ? 0 : this.#have;
  }

  /** Keeps what has come for `goOn`. Returns whether there may be a whole frame in it. */
  hold(chunk: Buffer): boolean {
    if (this.#over === 'ended') return false;
    if (this.#pieces === undefined) {
      this.#keep(chunk);
      return true;
    }
    this.#pieces.push(chunk);
    this.#have += chunk.length;
    return this.#have >= this.#want || this.#pieces.length >= MOST_PIECES;
  }

  /** For a listener at a message: those behind it are for `goOn`. */
  pause(): void {
    this.#paused = true;
  }

  /** From now on nothing is handed over but a close frame, and all that has come is looked through at once: that is no work. */
  skim(): void {
    this.#skims = true;
  }

  #some(octets: Buffer): boolean {
    this.#paused = false;
    let at = 0;
    let frames = 0;
    try {
      while (at < octets.length && !this.#paused) {
        const end = this.#frame(octets, at);
        if (end === undefined) break;
        at = end;
        if (!this.#skims && (++frames === MOST_AT_ONCE || at >= MOST_OCTETS_AT_ONCE)) this.#paused = true;
      }
    } catch (error) {
      // The position is unknown: what follows must not be taken for the beginning of a frame.
      this.end();
      throw error;
    }
    if (at < octets.length) this.#keep(at === 0 ? octets : octets.subarray(at));
    return at < octets.length && this.#paused;
  }

  /** Anything that still arrives is ignored. */
  end(): void {
    this.#over = 'ended';
    this.#pieces = undefined;
  }

  /** The position behind the frame that begins at `start`; `undefined` where its end has not come. */
  #frame(octets: Buffer, start: number): number | undefined {
    if (octets.length < start + SHORTEST_HEADER) {
      this.#wanting(SHORTEST_HEADER);
      return undefined;
    }
    const first = octets[start] ?? 0;
    const second = octets[start + 1] ?? 0;
    const short = second & LENGTH;
    const maskAt = start + (short < 126 ? 2 : short === 126 ? 4 : 10);
    const from = maskAt + MASK_OCTETS;
    if (octets.length < maskAt) {
      this.#wanting(maskAt - start);
      return undefined;
    }
    const length =
      short < 126
        ? short
        : short === 126
          ? octets.readUInt16BE(start + 2)
          : octets.readUInt32BE(start + 2) * 2 ** 32 + octets.readUInt32BE(start + 6);
    if ((second & MASKED) === 0 || length > this.#largest || this.#isForbidden(first, length)) {
      this.#over = 'passing';
      this.#sink.other(octets.subarray(start));
      return octets.length;
    }
    const end = from + length;
    if (octets.length < end) {
      this.#wanting(end - start);
      return undefined;
    }
    const opcode = first & OPCODE;
    if (this.#skims && opcode !== CLOSE) {
      if (opcode <= BINARY) this.#fragmented = (first & FIN) === 0;
    } else if ((first & FIN) !== 0 && opcode !== CONTINUATION && opcode <= BINARY && !this.#fragmented) {
      this.#sink.message(unmasked(octets, maskAt, end));
    } else if (opcode === PONG) {
      this.#sink.pong(end - start);
    } else {
      if (opcode <= BINARY) this.#fragmented = (first & FIN) === 0;
      this.#sink.other(octets.subarray(start, end));
      if (opcode === CLOSE) this.end();
    }
    return this.#over === 'ended' ? octets.length : end;
  }

  /** What no client may send at this point (RFC 6455 §5.2, §5.4, §5.5). */
  #isForbidden(first: number, length: number): boolean {
    const opcode = first & OPCODE;
    if ((first & RESERVED) !== 0) return true;
    if (opcode <= BINARY) return (opcode === CONTINUATION) !== this.#fragmented;
    return opcode < CLOSE || opcode > PONG || (first & FIN) === 0 || length > LONGEST_CONTROL;
  }

  #wanting(octets: number): void {
    this.#want = octets;
  }

  /** All that is there of the frame, where it is worth looking at. */
  #joined(chunk: Buffer): Buffer | undefined {
    const pieces = this.#pieces;
    if (pieces === undefined) return chunk;
    pieces.push(chunk);
    this.#have += chunk.length;
    if (this.#have < this.#want && pieces.length < MOST_PIECES) return undefined;
    this.#pieces = undefined;
    return Buffer.concat(pieces);
  }

  #keep(rest: Buffer): void {
    this.#pieces = [rest];
    this.#have = rest.length;
  }
}

/** The payload behind the mask at `maskAt`, up to `end` (RFC 6455 §5.3), as latin1. */
function unmasked(octets: Buffer, maskAt: number, end: number): string {
  const from = maskAt + MASK_OCTETS;
  const length = octets.copy(payload, 0, from, end);
  octets.copy(maskOctets, 0, maskAt, from);
  const mask = maskWord[0] ?? 0;
  const last = length >> 2;
  for (let word = 0; word <= last; word++) words[word] = (words[word] ?? 0) ^ mask;
  return payload.toString('latin1', 0, length);
}
