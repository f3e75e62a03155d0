import { expect, test } from 'vitest';
import { heldAfter, holds, withHold } from './hold.ts';

const sdp = (direction: string) => `v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=${direction}\r\n`;

test.for([
  ['sendonly', true],
  ['inactive', true],
  ['sendrecv', false],
  ['recvonly', false],
] as const)('an offer with %s: on hold is %s', ([direction, expected]) => {
  expect(holds(sdp(direction))).toBe(expected);
});

test('the direction of the session counts where the audio has none, and the one of video never', () => {
  expect(holds('v=0\r\na=inactive\r\nm=audio 9 X 0\r\n')).toBe(true);
  expect(holds('v=0\r\nm=audio 9 X 0\r\na=sendrecv\r\nm=video 9 X 0\r\na=inactive\r\n')).toBe(false);
});

test('a side holds once, and until its own offer resumes', () => {
  const held = withHold(withHold([], 'a', true), 'a', true);
  expect(held).toEqual(['a']);
  expect(withHold(held, 'b', false)).toBe(held);
  expect(withHold(held, 'a', false)).toEqual([]);
});

test.for([
  ['sendrecv', 'sendrecv', []],
  ['sendonly', 'recvonly', ['source']],
  ['sendrecv', 'sendonly', ['sink']],
  ['sendonly', 'inactive', ['source', 'sink']],
  // All that can be answered to `inactive`.
  ['inactive', 'inactive', ['source']],
  // A source that was on hold: `sendonly` is all that can be answered.
  ['recvonly', 'sendonly', []],
  ['recvonly', 'inactive', []],
] as const)(
  'two legs joined by an offer with %s and an answer with %s: held by %j',
  ([offer, answer, held]) => {
    expect(heldAfter({ source: 'source', sink: 'sink', sdp: sdp(offer) }, sdp(answer))).toEqual(held);
  },
);
