import { consistsOf, isDigit, LOWER_TOKEN, readDecimal, skipSpace } from './octets.ts';

/** CSeq (RFC 3261 §20.16). */
export interface CSeq {
  readonly number: number;
  readonly method: string;
}

/** CSeq numbers stay below 2³¹ (RFC 3261 §8.1.1.5). */
const LARGEST = 2 ** 31 - 1;

/** `undefined` where it is malformed or too large. */
export function parseCSeq(text: string): CSeq | undefined {
  let at = 0;
  while (isDigit(text.charCodeAt(at))) at++;
  const number = readDecimal(text, 0, at, LARGEST);
  const methodStart = skipSpace(text, at, text.length);
  if (number < 0 || methodStart === at || methodStart === text.length) return undefined;
  if (!consistsOf(LOWER_TOKEN, text, methodStart, text.length)) return undefined;
  return { number, method: text.slice(methodStart) };
}
