import {
  type ExtensionId,
  GUESSING_WINDOW_MS,
  type TerminalId,
  WRONG_PER_EXTENSION,
  WRONG_PER_TERMINAL,
} from '@perch/shared';

/** Wrong codes that were counted, oldest first (milliseconds since 1970-01-01 UTC). A full bucket is a lock. */
type Wrong = readonly number[];

/** The wrong codes counted against an extension or a terminal; an empty one is forgotten. */
export type Bucket =
  | { readonly of: 'extension'; readonly id: ExtensionId; readonly wrong: Wrong }
  | { readonly of: 'terminal'; readonly id: TerminalId; readonly wrong: Wrong };

export interface Guesses {
  readonly extensions: ReadonlyMap<ExtensionId, Wrong>;
  readonly terminals: ReadonlyMap<TerminalId, Wrong>;
}

export const noGuesses: Guesses = { extensions: new Map(), terminals: new Map() };

/** The wrong codes for the extension that count at this moment. */
export const wrongCodesFor = ({ extensions }: Guesses, id: ExtensionId, now: number): Wrong =>
  counting(extensions.get(id), now);

/** Until when moves of the extension are refused; `undefined` where they are not. */
export function extensionLockedUntil(guesses: Guesses, id: ExtensionId, now: number): number | undefined {
  return lockedUntil(guesses.extensions.get(id), WRONG_PER_EXTENSION, now);
}

/** Until when moves onto the terminal are refused; `undefined` where they are not. */
export function terminalLockedUntil(guesses: Guesses, id: TerminalId, now: number): number | undefined {
  return lockedUntil(guesses.terminals.get(id), WRONG_PER_TERMINAL, now);
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
    wrong: counted(guesses.terminals.get(terminal), now),
  };
  if (extension === undefined || extensionLockedUntil(guesses, extension, now) !== undefined)
    return [atTerminal];
  return [
    atTerminal,
    { of: 'extension', id: extension, wrong: counted(guesses.extensions.get(extension), now) },
  ];
}

/** The buckets of an extension and of its terminal, emptied: the owner has lifted the lock, or the extension has been deleted. */
export function emptiedBuckets(
  guesses: Guesses,
  extension: ExtensionId,
  terminal: TerminalId | undefined,
): readonly Bucket[] {
  const emptied: Bucket[] = [];
  if (guesses.extensions.has(extension)) emptied.push({ of: 'extension', id: extension, wrong: [] });
  if (terminal !== undefined && guesses.terminals.has(terminal))
    emptied.push({ of: 'terminal', id: terminal, wrong: [] });
  return emptied;
}

/** With these buckets in place of the previous ones. */
export function withBuckets(guesses: Guesses, buckets: readonly Bucket[]): Guesses {
  if (buckets.length === 0) return guesses;
  const extensions = new Map(guesses.extensions);
  const terminals = new Map(guesses.terminals);
  for (const bucket of buckets) {
    if (bucket.of === 'extension') put(extensions, bucket.id, bucket.wrong);
    else put(terminals, bucket.id, bucket.wrong);
  }
  return { extensions, terminals };
}

function put<Id>(buckets: Map<Id, Wrong>, id: Id, wrong: Wrong): void {
  if (wrong.length > 0) buckets.set(id, wrong);
  else buckets.delete(id);
}

/**
 * Until when a bucket with so many wrong codes is full; `undefined` where it is not. It counts nothing while it is locked,
 * so its last wrong code is also the one that locked it.
 */
export function lockedUntil(wrong: Wrong = [], limit: number, now: number): number | undefined {
  const end = (wrong.at(-1) ?? 0) + GUESSING_WINDOW_MS;
  return wrong.length >= limit && now < end ? end : undefined;
}

/** With one more, and without those that have expired. */
export function counted(wrong: Wrong = [], now: number): Wrong {
  return [...counting(wrong, now), now];
}

/** Those that have not expired. */
const counting = (wrong: Wrong = [], now: number): Wrong =>
  wrong.filter((at) => now < at + GUESSING_WINDOW_MS);
