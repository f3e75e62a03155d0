import type { ExtensionId, TerminalId } from '@perch/shared';
import type { Spellings } from './spellings.ts';

/** How long a code can be used (milliseconds); its station shows another one before that. */
export const CODE_MS = 60_000;
/** How long somebody has to confirm who has just been told which station it is (milliseconds). */
export const CONFIRMING_MS = 60_000;
/** A code that can be used for longer than this is not replaced while somebody is about to confirm (milliseconds). */
const WORTH_KEEPING_MS = 20_000;
/** For how long it is known what has become of a code (milliseconds), and of how many at each station. */
const REMEMBERED_MS = 10 * 60_000;
const MOST_REMEMBERED = 8;

/** What a station shows, so that somebody signs in there with their own phone. */
export interface StationCode extends Spellings {
  readonly terminal: TerminalId;
  /** Who was at the station when it was issued: for anybody else's time there it is worth nothing. */
  readonly occupant: string;
  /** It cannot be used from then on (milliseconds since 1970-01-01 UTC). */
  readonly expiresAt: number;
  /** Somebody has been told which station it is. */
  readonly seen: boolean;
  /** `gone`: the station shows another one, or none. */
  readonly fate: 'open' | 'used' | 'gone';
  /** Who has signed in with it. */
  readonly usedBy?: ExtensionId;
  /** The station does not show it any more, whatever becomes of it. */
  readonly withdrawn?: true;
}

/** The codes of each station, the newest first. Only that one can be `open`. */
export type CodeBook = ReadonlyMap<TerminalId, readonly StationCode[]>;

export const emptyBook: CodeBook = new Map();

/** What a station is to show: the code that it has where somebody is about to confirm it, else a new one. */
export function issued(
  book: CodeBook,
  { terminal, occupant }: Pick<StationCode, 'terminal' | 'occupant'>,
  spellings: Spellings,
  now: number,
): readonly [CodeBook, StationCode] {
  const earlier = (book.get(terminal) ?? []).filter(({ expiresAt }) => now < expiresAt + REMEMBERED_MS);
  const [newest] = earlier;
  if (newest?.fate === 'open' && newest.seen && newest.occupant === occupant)
    if (now + WORTH_KEEPING_MS < newest.expiresAt) return [book, newest];
  const code: StationCode = {
    ...spellings,
    ...{ terminal, occupant, expiresAt: now + CODE_MS, seen: false, fate: 'open' },
  };
  const replaced = earlier.map((one) => (one.fate === 'open' ? { ...one, fate: 'gone' as const } : one));
  return [new Map(book).set(terminal, [code, ...replaced].slice(0, MOST_REMEMBERED)), code];
}

/** The code with that spelling, and what keeps it from being used; `undefined` where no station has shown it lately. */
export function found(
  book: CodeBook,
  { link, typed }: Spellings,
  now: number,
): { readonly code: StationCode; readonly state: StationCode['fate'] | 'expired' } | undefined {
  for (const codes of book.values())
    for (const code of codes) {
      if (code.link !== link && code.typed !== typed) continue;
      return { code, state: code.fate === 'open' && now >= code.expiresAt ? 'expired' : code.fate };
    }
  return undefined;
}

/** Somebody has been told which station it is: the first of them gets time to confirm. */
export const seen = (book: CodeBook, code: StationCode, now: number): CodeBook =>
  code.seen
    ? book
    : changed(book, code, { seen: true, expiresAt: Math.max(code.expiresAt, now + CONFIRMING_MS) });

export const used = (book: CodeBook, code: StationCode, usedBy: ExtensionId): CodeBook =>
  changed(book, code, { fate: 'used', usedBy });

/** It was used, and nothing came of it: it is as before, unless the station shows another one by now. */
export function givenBack(book: CodeBook, code: StationCode): CodeBook {
  const newest = book.get(code.terminal)?.[0];
  const isShown = newest?.link === code.link && newest.withdrawn === undefined;
  return changed(book, code, { fate: isShown ? 'open' : 'gone' });
}

/** The station shows none any more. */
export function withdrawn(book: CodeBook, terminal: TerminalId): CodeBook {
  const [newest] = book.get(terminal) ?? [];
  if (newest === undefined) return book;
  const { fate } = newest;
  return changed(book, newest, { withdrawn: true, fate: fate === 'open' ? 'gone' : fate });
}

function changed(book: CodeBook, { terminal, link }: StationCode, change: Partial<StationCode>): CodeBook {
  const codes = book.get(terminal) ?? [];
  return new Map(book).set(
    terminal,
    codes.map((code) => (code.link === link ? { ...code, ...change } : code)),
  );
}
