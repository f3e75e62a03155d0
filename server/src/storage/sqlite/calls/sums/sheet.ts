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
/** What a part counts as: in its marks, the bit at the place of that sum. The last two say that there is any such time. */
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
  talk: 1 << 9,
  hold: 1 << 10,
} as const;
/** Every mark that a part can have. */
export const MARKS = Uint16Array.from({ length: 1 << Object.keys(MARK).length }, (_, mark) => mark);
/** For each mark, how many times (milliseconds) its part has in a sheet: how long it rang, if that counts; talk; hold. */
export const TIMES = Uint8Array.from(MARKS, (mark) =>
  [MARK.rung, MARK.talk, MARK.hold].reduce((count, one) => count + Number((mark & one) !== 0), 0),
);

/**
 * The parts of some UTC days, together for each pair of an extension and a terminal, and there in the order in which their calls began: so a
 * pair's sums are made in one go, and those of others are passed over. Milliseconds are 32 bits: a call that lasts longer than 49 days
 * counts with 49.
 */
export interface Sheet {
  /** When its days begin and end (milliseconds since 1970-01-01 UTC). */
  readonly from: number;
  readonly until: number;
  /** The numbers of its pairs, the lowest first. */
  readonly pairs: Uint32Array;
  /** For each pair, where its parts end. */
  readonly ends: Uint32Array;
  /** For each pair, where the times of its parts end. */
  readonly timesEnd: Uint32Array;
  /** Of each part, when its call began, from the beginning of the sheet. */
  readonly begins: Uint32Array;
  readonly times: Uint32Array;
  /** Of each part, what it counts as. */
  readonly marks: Uint16Array;
}

/** So long a slot is (milliseconds): wherever clocks are set to, days begin and end with one. */
export const SLOT_MS = 900_000;

/** What the parts of a sheet add up to as a tally counts them: for each of its pairs, and for each slot. */
export interface SheetSums extends Pick<Sheet, 'from' | 'until' | 'pairs'> {
  readonly ofPairs: Uint32Array;
  readonly ofSlots: Uint32Array;
}

/** How many there are of each. */
interface Size {
  readonly pairs: number;
  readonly parts: number;
  readonly times: number;
}

const WORD = Uint32Array.BYTES_PER_ELEMENT;
const LONGEST = 0xffff_ffff;
/** Before the columns: their lengths. */
const HEAD = 3;

/** Makes a sheet of parts in the order of time. `pairOf`: the number of an extension at a terminal. */
export function sheetOf(
  days: Pick<Sheet, 'from' | 'until'>,
  parts: readonly CountedPart[],
  pairOf: (part: CountedPart) => number,
): Sheet {
  const marks = Uint16Array.from(parts, markOf);
  const numbers = Uint32Array.from(parts, pairOf);
  // As one number, for typed arrays are in order soonest without asking anyone.
  const order = Float64Array.from(numbers, (pair, index) => pair * parts.length + index).sort();
  const sheet = emptySheet(days, {
    pairs: new Set(numbers).size,
    parts: parts.length,
    times: marks.reduce((sum, mark) => sum + (TIMES[mark] ?? 0), 0),
  });
  let [row, time] = [-1, 0];
  for (const [index, placed] of order.entries()) {
    const place = placed % parts.length;
    const [part, pair, mark] = [parts[place], numbers[place] ?? 0, marks[place] ?? 0];
    if (part === undefined) continue;
    if (row < 0 || sheet.pairs[row] !== pair) sheet.pairs[++row] = pair;
    sheet.begins[index] = part.started_at - days.from;
    sheet.marks[index] = mark;
    if ((mark & MARK.rung) !== 0) sheet.times[time++] = Math.min(LONGEST, part.ring_ms ?? 0);
    if ((mark & MARK.talk) !== 0) sheet.times[time++] = Math.min(LONGEST, part.talk_ms);
    if ((mark & MARK.hold) !== 0) sheet.times[time++] = Math.min(LONGEST, part.hold_ms);
    sheet.ends[row] = index + 1;
    sheet.timesEnd[row] = time;
  }
  return sheet;
}

/** Sheets of days that follow each other, as one. */
export function joined(days: Pick<Sheet, 'from' | 'until'>, sheets: readonly Sheet[]): Sheet {
  const most = sheets.reduce((highest, { pairs }) => Math.max(highest, (pairs.at(-1) ?? -1) + 1), 0);
  /** For each pair, how many parts and times it has; then, where its next ones belong. */
  const [parts, times] = [new Uint32Array(most), new Uint32Array(most)];
  for (const sheet of sheets)
    eachRow(sheet, (pair, row) => {
      parts[pair] = (parts[pair] ?? 0) + row.end - row.begin;
      times[pair] = (times[pair] ?? 0) + row.timesEnd - row.timesBegin;
    });
  const present = Uint32Array.from({ length: most }, (_, pair) => pair).filter((pair) => parts[pair] !== 0);
  const sum = (all: Uint32Array): number => all.reduce((whole, each) => whole + each, 0);
  const whole = emptySheet(days, { pairs: present.length, parts: sum(parts), times: sum(times) });
  whole.pairs.set(present);
  let [end, timesEnd] = [0, 0];
  for (const [row, pair] of present.entries()) {
    const [before, timesBefore] = [end, timesEnd];
    whole.ends[row] = end += parts[pair] ?? 0;
    whole.timesEnd[row] = timesEnd += times[pair] ?? 0;
    [parts[pair], times[pair]] = [before, timesBefore];
  }
  for (const sheet of sheets) {
    const later = sheet.from - days.from;
    eachRow(sheet, (pair, { begin, end: rowEnd, timesBegin, timesEnd: rowTimesEnd }) => {
      const [into, timesInto] = [parts[pair] ?? 0, times[pair] ?? 0];
      for (let part = begin; part < rowEnd; part++)
        whole.begins[into + part - begin] = (sheet.begins[part] ?? 0) + later;
      whole.marks.set(sheet.marks.subarray(begin, rowEnd), into);
      whole.times.set(sheet.times.subarray(timesBegin, rowTimesEnd), timesInto);
      parts[pair] = into + rowEnd - begin;
      times[pair] = timesInto + rowTimesEnd - timesBegin;
    });
  }
  return whole;
}

/** The parts of one pair in a sheet. */
interface RowOfPair {
  readonly begin: number;
  readonly end: number;
  readonly timesBegin: number;
  readonly timesEnd: number;
}

function eachRow({ pairs, ends, timesEnd }: Sheet, visit: (pair: number, row: RowOfPair) => void): void {
  for (let row = 0; row < pairs.length; row++)
    visit(pairs[row] ?? 0, {
      begin: ends[row - 1] ?? 0,
      end: ends[row] ?? 0,
      timesBegin: timesEnd[row - 1] ?? 0,
      timesEnd: timesEnd[row] ?? 0,
    });
}

function emptySheet(days: Pick<Sheet, 'from' | 'until'>, { pairs, parts, times }: Size): Sheet {
  const words = HEAD + 3 * pairs + parts + times + 1 + Math.ceil(parts / 2);
  const all = new Uint32Array(words);
  all.set([pairs, parts, times]);
  return sheetIn(days, all);
}

/** Columns one after the other: those of pairs, those of parts, and the marks, which are shorter. */
function sheetIn(days: Pick<Sheet, 'from' | 'until'>, all: Uint32Array): Sheet {
  const [pairs = 0, parts = 0, times = 0] = all;
  let at = HEAD;
  const column = (length: number): Uint32Array => all.subarray(at, (at += length));
  return {
    ...{ from: days.from, until: days.until },
    ...{ pairs: column(pairs), ends: column(pairs), timesEnd: column(pairs) },
    // One time more, so that looking for those of the last part never leads beyond the end.
    ...{ begins: column(parts), times: column(times + 1) },
    marks: new Uint16Array(all.buffer, all.byteOffset + at * WORD, parts),
  };
}

/** A sheet as it is stored. */
export function packed({ pairs: { buffer } }: Sheet): Buffer {
  return Buffer.from(buffer);
}

/** A stored sheet, word by word. */
export const unpacked = ({ from, until }: Pick<Sheet, 'from' | 'until'>, all: Uint32Array): Sheet =>
  sheetIn({ from, until }, all);

/** What is stored, as words: octets may begin where no word does. */
export function wordsOf({ buffer, byteOffset, byteLength }: Buffer): Uint32Array {
  const isAligned = byteOffset % WORD === 0;
  const [from, whole] = isAligned
    ? [byteOffset, buffer]
    : [0, buffer.slice(byteOffset, byteOffset + byteLength)];
  return new Uint32Array(whole, from, byteLength / WORD);
}

function markOf(part: CountedPart): number {
  const { role, result, external, ring_ms: ringMs, talk_ms: talkMs, hold_ms: holdMs, transferred } = part;
  const isOffered = role === 'callee' && result !== null;
  const isCounted = isOffered || role === 'caller';
  return (
    (isOffered ? MARK.offered : 0) |
    (result === null ? 0 : MARK[result]) |
    (role === 'caller' ? MARK.outgoing : 0) |
    (isCounted ? (external === 1 ? MARK.external : MARK.internal) : 0) |
    (transferred === 1 ? MARK.transferred : 0) |
    (result === 'handled' && ringMs !== null ? MARK.rung : 0) |
    (talkMs > 0 ? MARK.talk : 0) |
    (holdMs > 0 ? MARK.hold : 0)
  );
}
