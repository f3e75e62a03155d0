/** A finding that is not quite short is better than none at all. */
const MOST_TRIES = 3_000;

/** The shortest input found that is still bad: pieces of half, a quarter, and so on are left out, then octets are made plain. */
export function reduced(input: Buffer, isStillBad: (input: Buffer) => boolean): Buffer {
  let tries = 0;
  const isBad = (shorter: Buffer): boolean => tries++ < MOST_TRIES && isStillBad(shorter);
  let left = input;
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < left.length;) {
      const without = Buffer.concat([left.subarray(0, at), left.subarray(at + size)]);
      if (isBad(without)) left = without;
      else at += size;
    }
  }
  for (let at = 0; at < left.length && left.length <= 4_096; at++) {
    const plain = Buffer.from(left).fill('a', at, at + 1);
    if (!left.equals(plain) && isBad(plain)) left = plain;
  }
  return left;
}
