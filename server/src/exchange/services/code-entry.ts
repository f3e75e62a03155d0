import type { PromptId, Utterance } from '@perch/shared';

/** An entry ends this long after its last digit (milliseconds) … */
export const ENTRY_PAUSE_MS = 4_000;
/** … or with this many digits, or with `#`; `*` starts over and does not count as a try. */
const LONGEST_ENTRY = 8;
/** Silence after which the code is asked for again (milliseconds). */
const SILENCE_MS = 10_000;
/** How often in a row the code is asked for before silence ends the visit. */
const ASKS = 3;
/** Wrong codes in a row that end the visit. */
const TRIES = 3;
/** How many keys are kept that were pressed before they were asked for: three of the longest entries, each with its `#`. */
const LONGEST_TYPE_AHEAD = TRIES * (LONGEST_ENTRY + 1);

/** How the code has been entered so far. */
export interface Attempt {
  /** Wrong codes. */
  readonly wrong: number;
  /** The last entry ended by its length or its pause: a `#` that follows still belongs to it. */
  readonly hashDue: boolean;
}

export interface Asking extends Attempt {
  readonly kind: 'asking';
  readonly entry: string;
  /** How often in a row the code was asked for. */
  readonly asked: number;
}

export interface Verifying extends Attempt {
  readonly kind: 'verifying';
  /** Keys pressed before their time. */
  readonly typed: string;
}

/** The code is not asked for again: there was silence, or too many wrong codes. */
export interface GivenUp {
  readonly kind: 'given-up';
  readonly why: 'silent' | 'refused';
}

type EntryEffect =
  | { readonly kind: 'speak'; readonly utterance: Utterance }
  | { readonly kind: 'interrupt' | 'stop-timer' }
  | { readonly kind: 'start-timer'; readonly ms: number }
  | { readonly kind: 'verify'; readonly code: string }
  | {
      readonly kind: 'tell';
      readonly event:
        | { readonly kind: 'digit'; readonly entered: number }
        | { readonly kind: 'tries-left'; readonly tries: number };
    };

export type EntryStep = readonly [Asking | Verifying | GivenUp, readonly EntryEffect[]];

/** What is said where a code is asked for. */
export interface EntryWords {
  readonly enter: PromptId;
  readonly wrongTwoLeft: PromptId;
  readonly wrongOneLeft: PromptId;
}

export const NO_ATTEMPT: Attempt = { wrong: 0, hashDue: false };

/** Keys of which an entry is made. */
export const isEntryKey = (key: string): boolean => /^[0-9#*]$/.test(key);

/** A key pressed before its time is kept. */
export function typedAhead<S extends { readonly typed: string }>(state: S, key: string): S {
  return state.typed.length < LONGEST_TYPE_AHEAD ? { ...state, typed: state.typed + key } : state;
}

/** Asks for a code for the first time in a row; what was typed ahead is taken as the answer and interrupts the prompt at once. */
export function ask(attempt: Attempt, typed: string, words: EntryWords, first: Utterance = []): EntryStep {
  let asking = askNow(attempt, 1, [...first, { prompt: words.enter }]);
  for (const key of typed) asking = then(asking, (state) => pressed(state, key, words));
  return asking;
}

/** One of the keys of which an entry is made. */
export function pressed(state: Asking | Verifying, key: string, words: EntryWords): EntryStep {
  if (state.kind === 'verifying') return [typedAhead(state, key), []];
  switch (key) {
    case '#':
      return closeEntry(state, words);
    case '*':
      return clearEntry(state);
    default:
      return extendEntry(state, key);
  }
}

/** The last prompt has been spoken. */
export function spoken(state: Asking | Verifying): EntryStep {
  const isSilent = state.kind === 'asking' && state.entry === '';
  return [state, isSilent ? [{ kind: 'start-timer', ms: SILENCE_MS }] : []];
}

/** The pause that ends an entry is over, or the silence lasted too long. */
export function timedOut(state: Asking | Verifying, words: EntryWords): EntryStep {
  if (state.kind === 'verifying') return [state, []];
  return state.entry === '' ? nothingEntered(state, words) : verify({ ...state, hashDue: true });
}

/** The code was wrong: asks again while there are tries left. */
export function wrongCode(attempt: Attempt, typed: string, words: EntryWords): EntryStep {
  const wrong = attempt.wrong + 1;
  const tries = TRIES - wrong;
  const told: EntryEffect = { kind: 'tell', event: { kind: 'tries-left', tries } };
  if (tries === 0) return [{ kind: 'given-up', why: 'refused' }, [told]];
  const prompt = tries === 1 ? words.wrongOneLeft : words.wrongTwoLeft;
  const [state, effects] = ask({ ...attempt, wrong }, typed, words, [{ prompt }]);
  return [state, [told, ...effects]];
}

function extendEntry(state: Asking, digit: string): EntryStep {
  const entry = state.entry + digit;
  const counted: readonly EntryEffect[] = [
    { kind: 'interrupt' },
    { kind: 'tell', event: { kind: 'digit', entered: entry.length } },
  ];
  if (entry.length === LONGEST_ENTRY) {
    const [verifying, effects] = verify({ ...state, entry, hashDue: true });
    return [verifying, [...counted, ...effects]];
  }
  const pause: EntryEffect = { kind: 'start-timer', ms: ENTRY_PAUSE_MS };
  return [{ ...state, entry, hashDue: false }, [...counted, pause]];
}

/** Correcting a slip does not count as an attempt. */
function clearEntry(state: Asking): EntryStep {
  if (state.entry === '') return [state, []];
  return [
    { ...state, entry: '' },
    [
      { kind: 'tell', event: { kind: 'digit', entered: 0 } },
      { kind: 'start-timer', ms: SILENCE_MS },
    ],
  ];
}

function closeEntry(state: Asking, words: EntryWords): EntryStep {
  if (state.entry !== '') return verify(state);
  return state.hashDue ? [{ ...state, hashDue: false }, []] : nothingEntered(state, words);
}

function verify({ entry, wrong, hashDue }: Asking): EntryStep {
  return [
    { kind: 'verifying', wrong, hashDue, typed: '' },
    [{ kind: 'stop-timer' }, { kind: 'verify', code: entry }],
  ];
}

/** Silence does not count as an attempt. */
function nothingEntered(state: Asking, words: EntryWords): EntryStep {
  if (state.asked === ASKS) return [{ kind: 'given-up', why: 'silent' }, []];
  return askNow(state, state.asked + 1, [{ prompt: 'no-digits' }, { prompt: words.enter }]);
}

function askNow({ wrong, hashDue }: Attempt, asked: number, utterance: Utterance): EntryStep {
  return [
    { kind: 'asking', entry: '', asked, wrong, hashDue },
    [{ kind: 'stop-timer' }, { kind: 'speak', utterance }],
  ];
}

function then([state, effects]: EntryStep, next: (state: Asking | Verifying) => EntryStep): EntryStep {
  if (state.kind === 'given-up') return [state, effects];
  const [after, more] = next(state);
  return [after, [...effects, ...more]];
}
