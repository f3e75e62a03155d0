import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HandshakeReassembly } from './dtls-reassembly.ts';
import { readHandshakeFragments, readRecords, writeHandshakeRecord } from './dtls-record.ts';
import type { HandshakeFragment, HandshakeMessage } from './dtls-record.ts';

const message: HandshakeMessage = { type: 2, sequence: 3, body: Buffer.from('server hello') };

describe('records', () => {
  test('what is written is read back, several in a datagram', () => {
    const record = writeHandshakeRecord(message);
    const [first, second, ...rest] = readRecords(Buffer.concat([record, record]));
    expect(rest).toEqual([]);
    expect(second).toEqual(first);
    expect(first).toMatchObject({ type: 22, epoch: 0, sequence: 0, octets: record });
    expect(first && readHandshakeFragments(first.fragment)).toEqual([
      { type: 2, length: 12, sequence: 3, offset: 0, body: message.body },
    ]);
  });

  test.for([
    ['cut off', (record: Buffer) => record.subarray(0, -1), 1],
    ['of another version', (record: Buffer) => (record.writeUInt16BE(0x0303, 1), record), 1],
    ['shorter than its header', (record: Buffer) => record.subarray(0, 5), 1],
  ] as const)('one that is %s ends the datagram, and those before it count', ([, spoil, good]) => {
    const spoilt = spoil(writeHandshakeRecord(message));
    expect(readRecords(Buffer.concat([writeHandshakeRecord(message), spoilt]))).toHaveLength(good);
  });

  test.for([
    ['header', (plaintext: Buffer) => plaintext.subarray(0, 11)],
    ['body', (plaintext: Buffer) => plaintext.subarray(0, -1)],
    ['place in its message', (plaintext: Buffer) => (plaintext.writeUIntBE(1, 6, 3), plaintext)],
  ] as const)('a handshake fragment with a broken %s is refused', ([, spoil]) => {
    const plaintext = Buffer.from(writeHandshakeRecord(message).subarray(13));
    expect(readHandshakeFragments(spoil(plaintext))).toBeUndefined();
  });

  test('octets of any kind never throw', () => {
    const dtlsLike = fc
      .tuple(fc.constantFrom(20, 21, 22, 23), fc.constantFrom(0, 1), fc.uint8Array({ maxLength: 100 }))
      .map(([type, epoch, body]) => {
        const header = Buffer.from([type, 0xfe, 0xfd, 0, epoch, 0, 0, 0, 0, 0, 0, 0, body.length]);
        return Buffer.concat([header, body]);
      });
    const reassembly = new HandshakeReassembly();
    fc.assert(
      fc.property(fc.oneof(dtlsLike, fc.uint8Array()), (octets) => {
        for (const { fragment } of readRecords(Buffer.from(octets)))
          for (const part of readHandshakeFragments(fragment) ?? []) reassembly.add(part);
      }),
    );
  });
});

describe('reassembly', () => {
  const bodies = ['certificate', '', 'key exchange', 'x'];
  const whole: HandshakeMessage[] = bodies.map((body, sequence) => ({
    type: 11,
    sequence,
    body: Buffer.from(body),
  }));

  /** A message cut at every `size` octets. */
  function cut({ type, sequence, body }: HandshakeMessage, size: number): HandshakeFragment[] {
    const count = Math.max(1, Math.ceil(body.length / size));
    return Array.from({ length: count }, (_, i) => ({
      type,
      sequence,
      length: body.length,
      offset: i * size,
      body: body.subarray(i * size, (i + 1) * size),
    }));
  }

  test('messages come out whole, in order and once, however they were cut, mixed and repeated', () => {
    const pieces = fc
      .array(fc.integer({ min: 1, max: 12 }), { minLength: 4, maxLength: 4 })
      .map((sizes) => whole.flatMap((one, i) => cut(one, sizes[i] ?? 1)))
      .chain((cuts) => fc.shuffledSubarray([...cuts, ...cuts], { minLength: cuts.length * 2 }));
    fc.assert(
      fc.property(pieces, (fragments) => {
        const reassembly = new HandshakeReassembly();
        expect(fragments.flatMap((fragment) => reassembly.add(fragment))).toEqual(whole);
      }),
    );
  });

  test('a fragment of a message longer than any honest one is not kept', () => {
    const reassembly = new HandshakeReassembly();
    expect(
      reassembly.add({ type: 11, sequence: 0, length: 1 << 20, offset: 0, body: Buffer.alloc(1) }),
    ).toEqual([]);
    expect(
      reassembly.add({ type: 1, sequence: 0, length: 0, offset: 0, body: Buffer.alloc(0) }),
    ).toHaveLength(1);
  });

  test('a message further ahead than any honest flight is not kept', () => {
    const reassembly = new HandshakeReassembly();
    const empty = (sequence: number) => ({ type: 11, sequence, length: 0, offset: 0, body: Buffer.alloc(0) });
    const arriving = [8, 7, 6, 5, 4, 3, 2, 1, 0].flatMap((sequence) => reassembly.add(empty(sequence)));
    expect(arriving.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test('a fragment that contradicts the first one of its message is not part of it', () => {
    const reassembly = new HandshakeReassembly();
    const part = { type: 11, sequence: 0, length: 2, offset: 0, body: Buffer.from('a') };
    reassembly.add(part);
    expect(reassembly.add({ ...part, length: 1 })).toEqual([]);
    expect(reassembly.add({ ...part, type: 12, offset: 1 })).toEqual([]);
    expect(reassembly.add({ ...part, offset: 1, body: Buffer.from('b') })).toEqual([
      { type: 11, sequence: 0, body: Buffer.from('ab') },
    ]);
  });
});
