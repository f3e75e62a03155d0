import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TelephoneEventReceiver } from './telephone-event.ts';

interface Sent {
  readonly ssrc?: number;
  readonly timestamp: number;
  readonly event: number;
  readonly end?: boolean;
}

const packet = ({ ssrc = 7, timestamp, event, end = false }: Sent) => ({
  ssrc,
  timestamp,
  payload: Buffer.from([event, end ? 0x8a : 0x0a, 0, 160]),
});

/** A press as browsers send it: five updates and the end, three times (RFC 4733 §2.5.1.4). */
const press = (event: number, timestamp: number): Sent[] => [
  ...Array.from({ length: 5 }, () => ({ timestamp, event })),
  ...Array.from({ length: 3 }, () => ({ timestamp, event, end: true })),
];

function digitsOf(packets: readonly Sent[]): string {
  const receiver = new TelephoneEventReceiver();
  return packets.map((sent) => receiver.receive(packet(sent)) ?? '').join('');
}

const one = press(1, 1000);
const hash = press(11, 9000);

test.for([
  ['one press', one, '1'],
  ['every key', Array.from({ length: 16 }, (_, e) => press(e, 1000 + e * 2000)).flat(), '0123456789*#ABCD'],
  ['the same key twice', [...press(5, 1000), ...press(5, 4000)], '55'],
  ['the first packet lost', one.slice(1), '1'],
  ['all end packets lost', [...one.slice(0, 5), ...hash], '1#'],
  ['only an end packet arrives', one.slice(7), '1'],
  ['everything twice', one.flatMap((sent) => [sent, sent]), '1'],
  [
    'end packets after the next press began',
    [...one.slice(0, 6), ...hash.slice(0, 2), ...one.slice(6), ...hash],
    '1#',
  ],
  ['the same timestamp from another source', [...one, ...one.map((sent) => ({ ...sent, ssrc: 8 }))], '11'],
  ['a key held past one segment', [{ timestamp: 1000, event: 3 }, ...press(3, 1000 + 0xffff)], '3'],
  [
    'a key held past one segment, as Chromium sends it',
    [{ timestamp: 1000, event: 3 }, { timestamp: 1000 + 69 * 960, event: 3 }, ...press(3, 1000 + 138 * 960)],
    '3',
  ],
  ['a segment that wraps the timestamp', [{ timestamp: 0xffff_ff00, event: 3 }, ...press(3, 0xfeff)], '3'],
  ['the same key again, all end packets lost', [{ timestamp: 1000, event: 3 }, ...press(3, 9000)], '33'],
  ['a new press where a segment would begin', [...press(3, 1000), ...press(3, 1000 + 0xffff)], '33'],
  ['events that are not keys', press(16, 1000), ''],
] as const satisfies (readonly [string, readonly Sent[], string])[])('%s', ([, packets, digits]) => {
  expect(digitsOf(packets)).toBe(digits);
});

test('a press counts once if any of its packets arrives', () => {
  const presses = [press(4, 1000), press(0, 4000), press(7, 7000), press(1, 10_000)];
  const kept = fc.tuple(...presses.map((packets) => fc.subarray(packets, { minLength: 1 })));
  fc.assert(
    fc.property(kept, (packets) => {
      expect(digitsOf(packets.flat())).toBe('4071');
    }),
  );
});

test('a payload too short to be an event is ignored', () => {
  const receiver = new TelephoneEventReceiver();
  for (const length of [0, 1, 2, 3])
    expect(receiver.receive({ ssrc: 1, timestamp: 1, payload: new Uint8Array(length) })).toBeUndefined();
});
