import { expect, test } from 'vitest';
import { aCall, anAttempt, at } from './support/test-records.ts';
import { withoutWithheld } from './withheld.ts';

const [ada, ben] = ['extension-101', 'extension-102'];
const plain = aCall('one');
const desk = { number: '201', name: 'Front desk', since: 5 };
const withheld = aCall('one', {
  caller: { ...at('101'), desk, withheld: true },
  parts: plain.parts.map((part) => ({ ...part, station: { number: '101', name: 'Number 101' } })),
  legs: plain.legs.map((leg) => (leg.extension === ada ? { ...leg, desk, withheld: true } : leg)),
  attempts: [
    anAttempt('102', {
      by: { number: '101', name: 'Number 101' },
      occupant: { ...desk, number: '101', name: 'Number 101' },
    }),
    anAttempt('103', { result: 'forwarded', forwarded: '101' }),
    anAttempt('101', { result: 'busy' }),
  ],
  endedBy: { number: '101', name: 'Number 101' },
  claimed: {
    by: { number: '101', name: 'Number 101' },
    from: { number: '201', name: 'Front desk' },
    at: 4_000,
  },
});

test('the one who was called reads nothing that says who withheld their number', () => {
  const read = withoutWithheld(withheld, ben);
  expect(read).toMatchObject({
    caller: { number: 'anonymous', name: '', extension: null, terminal: null, desk: null, withheld: true },
    callee: at('102'),
    legs: [{ number: 'anonymous', talkMs: 1_000 }, { number: '102' }],
    parts: [{ extension: ben, other: null, talkMs: 1_000 }],
    endedBy: { number: 'anonymous', name: '' },
  });
  // Nor the desk at which they were.
  expect(JSON.stringify(read)).not.toMatch(/101|201/);
});

test('the caller reads all of their own call, and everyone all of one that was not withheld', () => {
  expect(withoutWithheld(withheld, ada)).toBe(withheld);
  expect(withoutWithheld(plain, ben)).toBe(plain);
});
