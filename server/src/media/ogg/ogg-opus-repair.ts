/** Repairs what a crash leaves of a recording. PURE; the work is bounded by the file's length, whatever it holds. */
import { LAST_PAGE, readPage, writePage } from './ogg-page.ts';
import type { OggPage } from './ogg-page.ts';
import { OpusHearing } from '../codec/opus-hearing.ts';
import { isOpusPacket, opusDuration } from '../codec/opus-packet.ts';

const ENOUGH_SOUND_MS = 10_000;

export interface Salvaged {
  readonly file: Buffer;
  readonly comments: readonly string[];
  readonly durationMs: number;
  /** Time with something to hear, counted up to 10 s only: counting takes time, and the start of the server waits for it. */
  readonly soundMs: number;
}

/**
 * Cuts off what is torn or not ours, and ends the file properly; a whole file is returned unchanged. Undefined where
 * not even its head is left.
 */
export function salvage(file: Buffer): Salvaged | undefined {
  const head = readHead(file);
  if (!head) return undefined;
  let [last, begin, end] = [head.tags, head.tagsAt, head.end];
  let [durationMs, soundMs] = [0, 0];
  const hearing = new OpusHearing();
  while (!(last.flags & LAST_PAGE)) {
    const next = readPage(file, end);
    if (!next || !follows(last, next.page)) break;
    [last, begin, end] = [next.page, end, next.end];
    for (const packet of last.packets) {
      durationMs += opusDuration(packet);
      if (soundMs < ENOUGH_SOUND_MS && hearing.isHeard(packet)) soundMs += opusDuration(packet);
    }
  }
  hearing.close();
  const whole = last.flags & LAST_PAGE ? file.subarray(0, end) : ended(file, last, begin, end);
  return {
    file: whole,
    comments: head.comments,
    durationMs: Math.round(durationMs),
    soundMs: Math.round(soundMs),
  };
}

/** The comments of a file (RFC 7845 §5.2), for which the file's beginning suffices; undefined where it has none that can be read. */
export function commentsOf(file: Buffer): readonly string[] | undefined {
  return readHead(file)?.comments;
}

/** Marks the last page as the last, or puts an empty one after the head, whose pages must not change. */
function ended(file: Buffer, last: OggPage, begin: number, end: number): Buffer {
  if (last.sequence === 1) {
    const empty = writePage({ ...last, flags: LAST_PAGE, sequence: 2, packets: [] });
    return Buffer.concat([file.subarray(0, end), empty]);
  }
  return Buffer.concat([file.subarray(0, begin), writePage({ ...last, flags: last.flags | LAST_PAGE })]);
}

function follows(before: OggPage, page: OggPage): boolean {
  return (
    page.serial === before.serial &&
    page.sequence === before.sequence + 1 &&
    page.granule >= before.granule &&
    page.packets.every(isOpusPacket)
  );
}

interface Head {
  readonly tags: OggPage;
  readonly tagsAt: number;
  readonly comments: readonly string[];
  /** Where the sound begins. */
  readonly end: number;
}

function readHead(file: Buffer): Head | undefined {
  const first = readPage(file, 0);
  if (!first || !startsWith(first.page.packets[0], 'OpusHead')) return undefined;
  const second = readPage(file, first.end);
  if (!second || second.page.serial !== first.page.serial || second.page.sequence !== 1) return undefined;
  const [tags] = second.page.packets;
  const comments = tags && startsWith(tags, 'OpusTags') ? readComments(Buffer.from(tags)) : undefined;
  return comments && { tags: second.page, tagsAt: first.end, comments, end: second.end };
}

/** `OpusTags`, the vendor, how many there are, and each after its length (RFC 7845 §5.2). */
function readComments(tags: Buffer): string[] | undefined {
  let at = 8;
  const uint32 = (): number | undefined =>
    at + 4 <= tags.length ? tags.readUInt32LE((at += 4) - 4) : undefined;
  const text = (): string | undefined => {
    const length = uint32();
    if (length === undefined || at + length > tags.length) return undefined;
    return tags.toString('utf8', at, (at += length));
  };
  if (text() === undefined) return undefined; // the vendor
  const count = uint32();
  const comments: string[] = [];
  while (count !== undefined && comments.length < count) {
    const comment = text();
    if (comment === undefined) return undefined;
    comments.push(comment);
  }
  return count === undefined ? undefined : comments;
}

function startsWith(packet: Uint8Array | undefined, magic: string): boolean {
  return packet !== undefined && Buffer.from(packet.subarray(0, magic.length)).toString('latin1') === magic;
}
