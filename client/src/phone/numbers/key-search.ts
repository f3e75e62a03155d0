import type { Colleague, Party } from '@perch/shared';

/** Somebody who may be meant by the keys that were pressed. `state`: unknown of one who is only in the history. */
export interface Meant extends Party {
  readonly state: Colleague['state'] | null;
}

export interface KnownPeople {
  readonly colleagues: readonly Colleague[];
  /** Numbers. */
  readonly favourites: readonly string[];
  /** Those of past calls, the latest first. */
  readonly recent: readonly Party[];
}

/** Names are spelled from the second key on: one key stands for three letters, and for nearly everybody. */
const FEWEST_FOR_NAMES = 2;

const LETTERS = ['abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz'];
const KEYS = new Map(
  LETTERS.flatMap((letters, index) => [...letters].map((letter) => [letter, String(index + 2)] as const)),
);

/**
 * Who may be meant by these digits: their number, or the letters on the keys, from the beginning of any word of the name on; then those in whose number the digits are. Favourites
 * come before those of past calls, and these before all others.
 */
export function meantBy(digits: string, { colleagues, favourites, recent }: KnownPeople): readonly Meant[] {
  if (!/^\d+$/.test(digits)) return [];
  const known = new Set(colleagues.map(({ number }) => number));
  const others = new Map(recent.filter(({ number }) => !known.has(number)).map((one) => [one.number, one]));
  const people: Meant[] = [...colleagues, ...Array.from(others.values(), (one) => ({ ...one, state: null }))];
  const lately = new Map(recent.map(({ number }, index) => [number, index] as const).reverse());
  const closeness = ({ number }: Party): number =>
    favourites.includes(number) ? -1 : (lately.get(number) ?? Number.POSITIVE_INFINITY);
  return people
    .map((one) => ({ one, fit: fitOf(one, digits), close: closeness(one) }))
    .filter(({ fit }) => fit < NO_FIT)
    .sort((a, b) => a.fit - b.fit || compared(a.close, b.close))
    .map(({ one }) => one);
}

/** Also of two that are infinite. */
const compared = (a: number, b: number): number => (a === b ? 0 : a - b);

const NO_FIT = 4;

function fitOf({ number, name }: Party, digits: string): number {
  if (number === digits) return 0;
  if (number.startsWith(digits)) return 1;
  if (digits.length >= FEWEST_FOR_NAMES && spelled(name).some((keys) => keys.startsWith(digits))) return 2;
  return number.includes(digits) ? 3 : NO_FIT;
}

/** The keys of a name from each of its words on, without what is on no key: `Ada Löw` is 232569 and 569. */
function spelled(name: string): readonly string[] {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{Nd}]+/u)
    .map((word) => [...word].map((sign) => (/\d/.test(sign) ? sign : (KEYS.get(sign) ?? ''))).join(''));
  return words.map((_, index) => words.slice(index).join(''));
}
