import {
  type ExtensionId,
  GUESSING_WINDOW_MS,
  LOCKS_FORGOTTEN_MS,
  LONGEST_LOCK_MS,
  type TerminalId,
  WRONG_PER_EXTENSION,
  WRONG_PER_TERMINAL,
} from '@perch/shared';

/** Wrong codes that were counted, oldest first (milliseconds since 1970-01-01 UTC). A full bucket is a lock. */
type Wrong = readonly number[];

/** The wrong codes counted against an extension or a terminal; without any it is forgotten. */
interface Counted {
  readonly wrong: Wrong;
  /** How often it was filled since the last day without a wrong code. */
  readonly locks: number;
}

export type Bucket = Counted &
  (
    | { readonly of: 'extension'; readonly id: ExtensionId }
    | { readonly of: 'terminal'; readonly id: TerminalId }
  );

export interface Guesses {
  readonly extensions: ReadonlyMap<ExtensionId, Counted>;
  readonly terminals: ReadonlyMap<TerminalId, Counted>;
}

export const noGuesses: Guesses = { extensions: new Map(), terminals: new Map() };

/** The wrong codes for the extension that count at this moment, or that have locked it. */
export const wrongCodesFor = (guesses: Guesses, id: ExtensionId, now: number): Wrong => {
  const wrong = guesses.extensions.get(id)?.wrong ?? [];
  return extensionLockedUntil(guesses, id, now) === undefined ? counting(wrong, now) : wrong;
};

/** Until when moves of the extension are refused; `undefined` where they are not. */
export function extensionLockedUntil(guesses: Guesses, id: ExtensionId, now: number): number | undefined {
  return bucketLockedUntil(guesses.extensions.get(id), WRONG_PER_EXTENSION, now);
}

/** Until when moves onto the terminal are refused; `undefined` where they are not. */
export function terminalLockedUntil(guesses: Guesses, id: TerminalId, now: number): number | undefined {
  return bucketLockedUntil(guesses.terminals.get(id), WRONG_PER_TERMINAL, now);
}

/**
 * The buckets that a refused code changes, with their new contents. What is counted never depends on what the caller must not
 * learn: a locked terminal counts nothing, any other counts each refusal, whether the number exists, is locked or the
 * code was even right. An extension's bucket stays as it is while locked, so that a lock cannot be prolonged.
 */
export function bucketsAfterRefusal(
  guesses: Guesses,
  terminal: TerminalId,
  extension: ExtensionId | undefined,
  now: number,
): readonly Bucket[] {
  if (terminalLockedUntil(guesses, terminal, now) !== undefined) return [];
  const atTerminal: Bucket = {
    of: 'terminal',
    id: terminal,
    ...oneMore(guesses.terminals.get(terminal), WRONG_PER_TERMINAL, now),
  };
  if (extension === undefined || extensionLockedUntil(guesses, extension, now) !== undefined)
    return [atTerminal];
  const known = guesses.extensions.get(extension);
  return [atTerminal, { of: 'extension', id: extension, ...oneMore(known, WRONG_PER_EXTENSION, now) }];
}

/** The buckets of an extension and of its terminal, emptied: the owner has lifted the lock, or the extension has been deleted. */
export function emptiedBuckets(
  guesses: Guesses,
  extension: ExtensionId,
  terminal: TerminalId | undefined,
): readonly Bucket[] {
  const emptied: Bucket[] = [];
  if (guesses.extensions.has(extension)) emptied.push({ of: 'extension', id: extension, ...EMPTY });
  if (terminal !== undefined && guesses.terminals.has(terminal))
    emptied.push({ of: 'terminal', id: terminal, ...EMPTY });
  return emptied;
}

const EMPTY: Counted = { wrong: [], locks: 0 };

/** With these buckets in place of the previous ones. */
export function withBuckets(guesses: Guesses, buckets: readonly Bucket[]): Guesses {
  if (buckets.length === 0) return guesses;
  const extensions = new Map(guesses.extensions);
  const terminals = new Map(guesses.terminals);
  for (const bucket of buckets) {
    if (bucket.of === 'extension') put(extensions, bucket.id, bucket);
    else put(terminals, bucket.id, bucket);
  }
  return { extensions, terminals };
}

function put<Id>(buckets: Map<Id, Counted>, id: Id, { wrong, locks }: Counted): void {
  if (wrong.length > 0) buckets.set(id, { wrong, locks });
  else buckets.delete(id);
}

/** With one more wrong code, which may fill it: then it is a lock, twice as long as the one before. */
function oneMore({ wrong, locks }: Counted = EMPTY, limit: number, now: number): Counted {
  const more = counted(wrong, now);
  const before = now < (wrong.at(-1) ?? 0) + LOCKS_FORGOTTEN_MS ? locks : 0;
  return { wrong: more, locks: more.length >= limit ? before + 1 : before };
}

function bucketLockedUntil(
  { wrong, locks }: Counted = EMPTY,
  limit: number,
  now: number,
): number | undefined {
  const ms = Math.min(GUESSING_WINDOW_MS * 2 ** Math.max(0, locks - 1), LONGEST_LOCK_MS);
  return lockedUntil(wrong, limit, now, ms);
}

/**
 * Until when wrong codes are too many; `undefined` where they are not. `ms`: how long they lock. Nothing is counted while they do,
 * so that the last one is also the one that locked.
 */
function lockedUntil(
  wrong: Wrong = [],
  limit: number,
  now: number,
  ms = GUESSING_WINDOW_MS,
): number | undefined {
  const end = (wrong.at(-1) ?? 0) + ms;
  return wrong.length >= limit && now < end ? end : undefined;
}

/** With one more, and without those that have expired. */
function counted(wrong: Wrong = [], now: number): Wrong {
  return [...counting(wrong, now), now];
}

/** Those that have not expired. */
const counting = (wrong: Wrong = [], now: number): Wrong =>
  wrong.filter((at) => now < at + GUESSING_WINDOW_MS);
