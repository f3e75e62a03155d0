import { consistsOf, DIGIT, LOWER_TOKEN, readDecimal, skip, skipSpace } from '../octets.ts';

/** CSeq (RFC 3261 §20.16). */
export interface CSeq {
  readonly number: number;
  readonly method: string;
}

/** CSeq numbers stay below 2³¹ (RFC 3261 §8.1.1.5). */
const LARGEST = 2 ** 31 - 1;

/** Reads the CSeq in `text`, whose octets are `octets`; `undefined` where it is malformed or too large. */
export function readCSeq(text: string, octets: Uint8Array, start: number, end: number): CSeq | undefined {
  const digitsEnd = skip(DIGIT, octets, start);
  const number = readDecimal(octets, start, digitsEnd, LARGEST);
  const methodStart = skipSpace(octets, digitsEnd);
  if (number < 0 || methodStart === digitsEnd || methodStart >= end) return undefined;
  if (!consistsOf(LOWER_TOKEN, octets, methodStart, end)) return undefined;
  return { number, method: text.slice(methodStart, end) };
}
