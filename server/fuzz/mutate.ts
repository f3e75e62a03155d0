import type { Dice } from '../simulator/world/dice.ts';

/** What a frame of SIP may hold, and more than a datagram can. */
const LONGEST = 65_536;
const NUMBERS = [0, 1, 2, 4, 7, 8, 15, 16, 27, 63, 64, 127, 128, 254, 255, 256, 1275, 4096, 32_767, 65_535];
const DECIMALS = ['0', '-1', '00', '256', '65536', '2147483648', '4294967296', '99999999999999999999', '1e9'];

export interface Stock {
  readonly dictionary: readonly string[];
  /** Another input, to take a piece from. */
  readonly other: () => Buffer;
}

type Mutation = (input: Buffer, dice: Dice, stock: Stock) => Buffer;

const between = (input: Buffer, start: number, end: number, piece: Buffer | string): Buffer =>
  Buffer.concat([
    input.subarray(0, start),
    typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece,
    input.subarray(end),
  ]);

/** Two positions, the earlier one first; close to each other as often as not. */
function range(input: Buffer, dice: Dice): readonly [start: number, end: number] {
  const start = dice.below(input.length + 1);
  const longest = input.length - start + 1;
  return [start, start + dice.below(dice.onceIn(2) ? Math.min(longest, 9) : longest)];
}

/** Lines with their ends, as texts have them. */
const linesOf = (input: Buffer): string[] => input.toString('latin1').split(/(?<=\n)/);

const MUTATIONS: readonly Mutation[] = [
  function flipBit(input, dice) {
    const at = dice.below(input.length);
    return between(input, at, at + 1, Buffer.of((input[at] ?? 0) ^ (1 << dice.below(8))));
  },
  function setOctet(input, dice) {
    const at = dice.below(input.length);
    return between(input, at, at + 1, Buffer.of(dice.below(256)));
  },
  function setNumber(input, dice) {
    const width = dice.pick([1, 2, 3, 4]) ?? 1;
    const at = dice.below(input.length);
    const number = Buffer.alloc(6);
    number.writeUIntBE(dice.pick(NUMBERS) ?? 0, 0, 6);
    const piece = number.subarray(6 - width);
    return between(input, at, at + width, dice.onceIn(2) ? piece : piece.reverse());
  },
  function setDecimal(input, dice) {
    const text = input.toString('latin1');
    const found = dice.pick([...text.matchAll(/\d+/g)]);
    if (found === undefined) return input;
    return between(input, found.index, found.index + found[0].length, dice.pick(DECIMALS) ?? '');
  },
  function insertToken(input, dice, { dictionary }) {
    const at = dice.below(input.length + 1);
    return between(input, at, at, dice.pick(dictionary) ?? '');
  },
  function replaceByToken(input, dice, { dictionary }) {
    const [start, end] = range(input, dice);
    return between(input, start, end, dice.pick(dictionary) ?? '');
  },
  function leaveOut(input, dice) {
    const [start, end] = range(input, dice);
    return between(input, start, end, '');
  },
  function truncate(input, dice) {
    return input.subarray(0, dice.below(input.length + 1));
  },
  function repeat(input, dice) {
    const [start, end] = range(input, dice);
    const piece = input.subarray(start, end);
    const times = dice.onceIn(20) ? dice.below(LONGEST) : dice.below(8);
    const most = Math.floor(LONGEST / Math.max(piece.length, 1));
    return between(input, end, end, Buffer.concat(Array<Buffer>(Math.min(times, most)).fill(piece)));
  },
  function repeatLine(input, dice) {
    const lines = linesOf(input);
    lines.splice(dice.below(lines.length), 0, dice.pick(lines) ?? '');
    return Buffer.from(lines.join(''), 'latin1');
  },
  function leaveLineOut(input, dice) {
    const lines = linesOf(input);
    lines.splice(dice.below(lines.length), 1);
    return Buffer.from(lines.join(''), 'latin1');
  },
  function splice(input, dice, { other }) {
    const [start, end] = range(input, dice);
    const from = other();
    return between(input, start, end, from.subarray(...range(from, dice)));
  },
];

/** One to eight changes, few more often than many; never longer than anything that arrives. */
export function mutated(input: Buffer, dice: Dice, stock: Stock): Buffer {
  let changed = input;
  for (let left = 1 << dice.below(4); left > 0; left--) {
    changed = (dice.pick(MUTATIONS) ?? MUTATIONS[0])?.(changed, dice, stock).subarray(0, LONGEST) ?? changed;
  }
  // A copy: nothing that is kept may share its octets with another input.
  return Buffer.from(changed);
}
