import type { CallPart } from '@perch/shared';
import { CALL_SUMS, type CallSums } from '../../../../records/ports.ts';

export const DAY_MS = 86_400_000;

/** What of a part is added up. */
export interface CountedPart {
  readonly extension: number;
  readonly terminal: number | null;
  readonly started_at: number;
  readonly role: CallPart['role'];
  readonly result: CallPart['result'];
  readonly external: 0 | 1;
  readonly ring_ms: number | null;
  readonly talk_ms: number;
  readonly hold_ms: number;
  readonly transferred: 0 | 1;
}

const bit = (sum: keyof CallSums): number => 1 << CALL_SUMS.indexOf(sum);
/** What a part counts as: in its marks, the bit at the place of that sum. */
export const MARK = {
  offered: bit('offered'),
  handled: bit('handled'),
  missed: bit('missed'),
  declined: bit('declined'),
  outgoing: bit('outgoing'),
  internal: bit('internal'),
  external: bit('external'),
  transferred: bit('transferred'),
  rung: bit('rung'),
} as const;
/**
 * The parts of one UTC day in the order in which their calls began, a column for each property. Milliseconds are 32 bits: a day has fewer,
 * and a call that lasts longer than 49 days counts with 49.
 */
export interface Sheet {
  /** Days since 1970-01-01 UTC. */
  readonly day: number;
  readonly length: number;
  /** When it began, from the day's beginning. */
  readonly begins: Uint32Array;
  /** The number of its extension and terminal. */
  readonly pairs: Uint32Array;
  readonly marks: Uint32Array;
  readonly rings: Uint32Array;
  readonly talks: Uint32Array;
  readonly holds: Uint32Array;
}

const COLUMNS = ['begins', 'pairs', 'marks', 'rings', 'talks', 'holds'] as const;
const LONGEST = 0xffff_ffff;

/** Packs parts of one day, which are in order. `pairOf`: the number of an extension at a terminal. */
export function sheetOf(
  day: number,
  parts: readonly CountedPart[],
  pairOf: (part: CountedPart) => number,
): Sheet {
  const sheet = sheetIn(day, new Uint32Array(COLUMNS.length * parts.length));
  for (const [index, part] of parts.entries()) {
    sheet.begins[index] = part.started_at - day * DAY_MS;
    sheet.pairs[index] = pairOf(part);
    sheet.marks[index] = marksOf(part);
    sheet.rings[index] = Math.min(LONGEST, part.ring_ms ?? 0);
    sheet.talks[index] = Math.min(LONGEST, part.talk_ms);
    sheet.holds[index] = Math.min(LONGEST, part.hold_ms);
  }
  return sheet;
}

function sheetIn(day: number, all: Uint32Array): Sheet {
  const length = all.length / COLUMNS.length;
  const columns = COLUMNS.map((name, place) => [name, all.subarray(place * length, (place + 1) * length)]);
  return { day, length, ...(Object.fromEntries(columns) as Omit<Sheet, 'day' | 'length'>) };
}

/** A sheet as it is stored. */
export function packed({ begins: { buffer } }: Sheet): Buffer {
  return Buffer.from(buffer);
}

/** A stored sheet. */
export function unpacked(day: number, { buffer, byteOffset, byteLength }: Buffer): Sheet {
  const isAligned = byteOffset % Uint32Array.BYTES_PER_ELEMENT === 0;
  const [from, whole] = isAligned
    ? [byteOffset, buffer]
    : [0, buffer.slice(byteOffset, byteOffset + byteLength)];
  return sheetIn(day, new Uint32Array(whole, from, byteLength / Uint32Array.BYTES_PER_ELEMENT));
}

function marksOf({ role, result, external, ring_ms: ringMs, transferred }: CountedPart): number {
  const isOffered = role === 'callee' && result !== null;
  const isCounted = isOffered || role === 'caller';
  return (
    (isOffered ? MARK.offered : 0) |
    (result === null ? 0 : MARK[result]) |
    (role === 'caller' ? MARK.outgoing : 0) |
    (isCounted ? (external === 1 ? MARK.external : MARK.internal) : 0) |
    (transferred === 1 ? MARK.transferred : 0) |
    (result === 'handled' && ringMs !== null ? MARK.rung : 0)
  );
}
