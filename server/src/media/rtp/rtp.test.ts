import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isRtcp, readRtp, writeRtp } from './rtp.ts';

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex');

test('what is written is read back', () => {
  const packet = fc.record({
    marker: fc.boolean(),
    payloadType: fc.integer({ min: 0, max: 127 }),
    sequence: fc.integer({ min: 0, max: 0xffff }),
    timestamp: fc.integer({ min: 0, max: 0xffffffff }),
    ssrc: fc.integer({ min: 0, max: 0xffffffff }),
    extension: fc.record({
      profile: fc.integer({ min: 0, max: 0xffff }),
      octets: fc.uint8Array({ maxLength: 9 }).map((some) => Buffer.alloc(some.length * 4, some)),
    }),
    payload: fc.uint8Array().map((octets) => Buffer.from(octets)),
  });
  fc.assert(
    fc.property(packet, fc.boolean(), ({ extension, ...plain }, isExtended) => {
      const fields = isExtended ? { ...plain, extension } : plain;
      expect(readRtp(writeRtp(fields))).toEqual(fields);
    }),
  );
});

test.for([
  ['CSRCs', '8208 0001 00000002 00000003 0000000a 0000000b', '5555'],
  ['a header extension', '9008 0001 00000002 00000003 bede0001 11223344', '5555'],
  ['an empty header extension', '9008 0001 00000002 00000003 bede0000', '5555'],
] as const)('%s before the payload are skipped', ([, header, payload]) => {
  expect(readRtp(hex(header + payload))?.payload).toEqual(hex(payload));
});

test('padding behind the payload is left out (RFC 3550 §5.1)', () => {
  expect(readRtp(hex('a008 0001 00000002 00000003 5555 000003'))?.payload).toEqual(hex('5555'));
});

test.for([
  ['too short', '8008 0001 00000002 000000'],
  ['another version', '4008 0001 00000002 00000003'],
  ['CSRCs that run over the end', '8f08 0001 00000002 00000003 0000000a'],
  ['an extension that runs over the end', '9008 0001 00000002 00000003 bede00ff 11223344'],
  ['an extension without a length', '9008 0001 00000002 00000003 be'],
  ['more padding than packet', 'a008 0001 00000002 00000003 5555 0000ff'],
] as const)('%s: refused', ([, packet]) => {
  expect(readRtp(hex(packet))).toBeUndefined();
});

test.for([
  [200, true],
  [201, true],
  [111, false],
  [111 | 0x80, false],
  [0, false],
] as const)('second octet %i is RTCP: %s (RFC 5761 §4)', ([octet, rtcp]) => {
  expect(isRtcp(Buffer.from([0x80, octet]))).toBe(rtcp);
});
