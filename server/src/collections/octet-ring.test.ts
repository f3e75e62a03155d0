import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OctetRing } from './octet-ring.ts';

const CHUNK = 256 * 1024;

test('what fits is read as it was put, the newest always, and nothing is ever read as another text', () => {
  const texts = fc.array(fc.tuple(fc.nat({ max: 255 }), fc.integer({ min: 0, max: CHUNK })), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 4 }), (written, chunks) => {
      const ring = new OctetRing(chunks * CHUNK);
      const kept = written.map(([octet, length]) => {
        const text = String.fromCharCode(octet).repeat(length);
        return { text, position: ring.put(text) };
      });
      expect(ring.size).toBeLessThanOrEqual(chunks * CHUNK);
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
  const ring = new OctetRing(CHUNK);
  expect(ring.read(ring.put(''), 0)).toBe('');
});

test('it takes room only as it needs it, cuts off what is too long, and wipes what is to be forgotten', () => {
  const ring = new OctetRing(10 * CHUNK);
  expect(ring.size).toBe(0);
  const position = ring.put('a secret');
  expect(ring.size).toBe(CHUNK);
  const long = ring.put('x'.repeat(CHUNK + 1));
  expect(ring.read(long, CHUNK + 1)).toBe('x'.repeat(CHUNK));
  ring.wipe(position, 8);
  expect(ring.read(position, 8)).toBe('\0'.repeat(8));
});

test('what was overwritten cannot be wiped', () => {
  const ring = new OctetRing(CHUNK);
  const gone = ring.put('old');
  const kept = ring.put('y'.repeat(CHUNK));
  ring.wipe(gone, 3);
  expect([ring.read(gone, 3), ring.read(kept, CHUNK)]).toEqual([undefined, 'y'.repeat(CHUNK)]);
});
