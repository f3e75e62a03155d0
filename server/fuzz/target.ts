import assert from 'node:assert/strict';

/** A parser, and what must hold of it whatever it is given. */
export interface Target {
  /** Messages of our own kind to begin with. */
  readonly seeds: readonly Buffer[];
  /** What is inserted: what the format gives a meaning to, and what attackers insert. */
  readonly dictionary: readonly string[];
  /**
   * Parses, asks everything that is ever asked of the result, and returns all that was made of the input. Catches those errors that
   * the parser documents; throws where a property does not hold.
   */
  readonly parse: (input: Buffer) => unknown;
  /** How often `parse` has the input read: so many times the work is allowed. Once where left out. */
  readonly readings?: number;
  /** Makes lengths and checksums right again, as an attacker would who wants more than the first check to be reached. */
  readonly mend?: (input: Buffer) => Buffer;
}

/** What reading an input of so many octets may cost: a constant, and so much for each octet. Of what every parser here needs, more than twice the most. */
const WORK = { ever: 25_000, octet: 60 };
const RESULT = { ever: 4_096, octet: 40 };

/** Runs in which so much ran are too many for an input of that length. */
export const mostWork = ({ readings = 1 }: Target, octets: number): number =>
  WORK.ever + WORK.octet * octets * readings;

/** Parses, and checks what holds for all parsers: the size of the result, and that the prototypes of the language are untouched. */
export function checked(target: Target, input: Buffer): void {
  const copy = Buffer.from(input);
  const size = sizeOf(target.parse(input));
  assert.ok(
    size <= RESULT.ever + RESULT.octet * input.length,
    `the result is far larger than its input: ${String(size)} of ${String(input.length)} octets`,
  );
  assert.ok(input.equals(copy), 'the input was changed');
  assert.equal(prototypes(), PROTOTYPES, 'a prototype of the language was changed');
}

/** About how many octets a value takes. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value !== 'object' || value === null) return 8;
  let size = 16;
  for (const each of Object.values(value)) size += sizeOf(each);
  return size;
}

const prototypes = (): string =>
  [Object, Array, Function, String, Map, Uint8Array, Buffer]
    .map(({ prototype }) => Reflect.ownKeys(prototype as object).length)
    .join(' ');
const PROTOTYPES = prototypes();
