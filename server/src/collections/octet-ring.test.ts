import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OctetPool } from './octet-ring.ts';

const CHUNK = 256 * 1024;

test('what fits is read as it was put, the newest always, and nothing is ever read as another text', () => {
  const texts = fc.array(fc.tuple(fc.nat({ max: 255 }), fc.integer({ min: 0, max: CHUNK })), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 4 }), (written, chunks) => {
      const pool = new OctetPool(chunks * CHUNK);
      const ring = pool.ring();
      const kept = written.map(([octet, length]) => {
        const text = String.fromCharCode(octet).repeat(length);
        return { text, position: ring.put(text) };
      });
      expect(pool.size).toBeLessThanOrEqual(chunks * CHUNK);
      for (const { text, position } of kept) {
        const read = ring.read(position, text.length);
        expect(read === undefined || read === text).toBe(true);
      }
      const last = kept.at(-1);
      expect(last && ring.read(last.position, last.text.length)).toBe(last?.text);
      // As much as fits whatever is left over at the ends of chunks.
      let octets = 0;
      for (const { text, position } of kept.toReversed()) {
        octets += text.length;
        if (octets <= ((chunks - 1) * CHUNK) / 2) expect(ring.read(position, text.length)).toBe(text);
      }
    }),
    { numRuns: 50 },
  );
});

test('an empty text is read as it was put, also where it is the first', () => {
  const ring = new OctetPool(CHUNK).ring();
  expect(ring.read(ring.put(''), 0)).toBe('');
});

test('it takes room only as it needs it, cuts off what is too long, and wipes what is to be forgotten', () => {
  const pool = new OctetPool(10 * CHUNK);
  const ring = pool.ring();
  expect(pool.size).toBe(0);
  const position = ring.put('a secret');
  expect(pool.size).toBe(CHUNK);
  const long = ring.put('x'.repeat(CHUNK + 1));
  expect(ring.read(long, CHUNK + 1)).toBe('x'.repeat(CHUNK));
  ring.wipe(position, 8);
  expect(ring.read(position, 8)).toBe('\0'.repeat(8));
});

test('what was overwritten cannot be wiped', () => {
  const ring = new OctetPool(CHUNK).ring();
  const gone = ring.put('old');
  const kept = ring.put('y'.repeat(CHUNK));
  ring.wipe(gone, 3);
  expect([ring.read(gone, 3), ring.read(kept, CHUNK)]).toEqual([undefined, 'y'.repeat(CHUNK)]);
});

test('of several rings, none can take from another what that has of an equal share', () => {
  const pool = new OctetPool(6 * CHUNK);
  const [quiet, loud, other] = [pool.ring(), pool.ring(), pool.ring()];
  const full = (octet: string) => octet.repeat(CHUNK);
  const first = quiet.put(full('q'));
  const second = quiet.put(full('r'));
  const overwritten = loud.put(full('l'));
  for (let nth = 0; nth < 20; nth++) loud.put(full('l'));
  expect([quiet.pieces, loud.pieces, pool.size]).toEqual([2, 4, 6 * CHUNK]);
  expect([quiet.read(first, CHUNK), quiet.read(second, CHUNK)]).toEqual([full('q'), full('r')]);
  expect(loud.read(overwritten, CHUNK)).toBeUndefined();
  // One that comes later gets as much, from the one that has the most.
  for (let nth = 0; nth < 20; nth++) other.put(full('o'));
  expect([quiet.pieces, loud.pieces, other.pieces]).toEqual([2, 2, 2]);
  // And a ring that has lost everything goes on.
  const alone = new OctetPool(CHUNK);
  const [one, two] = [alone.ring(), alone.ring()];
  const lost = one.put('lost');
  const kept = two.put('kept');
  expect([one.read(lost, 4), two.read(kept, 4)]).toEqual([undefined, 'kept']);
  const again = one.put('again');
  expect([one.read(again, 5), two.read(kept, 4)]).toEqual(['again', undefined]);
});
