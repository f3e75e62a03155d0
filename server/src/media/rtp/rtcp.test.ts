import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Reception } from './reception.ts';
import { senderReportTime, writeReport } from './rtcp.ts';

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex');

describe('a report', () => {
  const source = '81ca0003 00000007 01057065 72636800'; // SDES: CNAME "perch", ended by a zero

  test('of an end that has neither sent nor heard anything', () => {
    expect(writeReport(7, 0)).toEqual(hex(`80c90001 00000007 ${source}`));
  });

  test('of an end that has sent and heard (RFC 3550 §6.4.1)', () => {
    const sent = { timestamp: 0x01020304, packets: 5, octets: 600 };
    const block = {
      ssrc: 9,
      fractionLost: 64,
      packetsLost: 3,
      highestSequence: 0x10002,
      jitter: 11,
      lastSenderReport: 0xaabbccdd,
      delaySinceLast: 65_536,
    };
    expect(writeReport(7, 2500, sent, block)).toEqual(
      hex(`81c8000c 00000007 00000002 80000000 01020304 00000005 00000258
        00000009 40000003 00010002 0000000b aabbccdd 00010000 ${source}`),
    );
  });

  test('counts repeated packets as negative loss (RFC 3550 §A.3)', () => {
    const reception = new Reception({ ssrc: 9, sequence: 1 }, 8000);
    for (const sequence of [1, 1]) reception.receive({ sequence, timestamp: 0 }, 0);
    const block = reception.report(0);
    expect(writeReport(7, 0, undefined, block).subarray(12, 16)).toEqual(hex('00ffffff'));
  });
});

describe("a sender report's time", () => {
  const report = hex('80c80006 00000009 11112222 33334444 00000000 00000000 00000000');

  test.for([
    ['is the middle of its 64 bits', report, 0x22223333],
    ['is found behind another packet', Buffer.concat([hex('80c90001 00000009'), report]), 0x22223333],
    ['is not there in a receiver report', hex('80c90001 00000009'), undefined],
    ['is not there in a report cut short', report.subarray(0, 20), undefined],
    ['is not there in one too small for it', hex('80c80001 00000009'), undefined],
    ['is not there in nothing', Buffer.alloc(0), undefined],
  ] as const)('%s', ([, compound, time]) => {
    expect(senderReportTime(compound)).toBe(time);
  });
});

describe('reception', () => {
  /** Packets of 20 ms at 8000 Hz, each arriving when it should. */
  function receive(sequences: readonly number[], late: (i: number) => number = () => 0): Reception {
    const packets = sequences.map((sequence, i) => ({ ssrc: 9, sequence, timestamp: i * 160 }));
    const [first = { ssrc: 9, sequence: 0, timestamp: 0 }] = packets;
    const reception = new Reception(first, 8000);
    packets.forEach((packet, i) => reception.receive(packet, i * 20 + late(i)));
    return reception;
  }

  test.for([
    ['nothing lost', [10, 11, 12, 13], { packetsLost: 0, fractionLost: 0, highestSequence: 13 }],
    ['one in four lost', [10, 11, 13], { packetsLost: 1, fractionLost: 64, highestSequence: 13 }],
    ['out of order', [10, 12, 11, 13], { packetsLost: 0, fractionLost: 0, highestSequence: 13 }],
    ['repeated', [10, 11, 11, 12], { packetsLost: -1, fractionLost: 0, highestSequence: 12 }],
    ['past the last number', [65_534, 65_535, 0, 1], { packetsLost: 0, highestSequence: 0x10001 }],
    ['restarted elsewhere', [10, 11, 30_000, 30_001], { packetsLost: 0, highestSequence: 30_001 }],
  ] as const)('%s', ([, sequences, report]) => {
    expect(receive(sequences).report(0)).toMatchObject(report);
  });

  test('the fraction lost is counted from report to report', () => {
    const reception = receive([1, 3]);
    expect(reception.report(0).fractionLost).toBe(85);
    for (const sequence of [4, 5, 6]) reception.receive({ sequence, timestamp: 0 }, 0);
    expect(reception.report(0)).toMatchObject({ fractionLost: 0, packetsLost: 1 });
  });

  test('jitter is how unevenly packets come, in timestamp units', () => {
    const even = Array.from({ length: 400 }, (_, i) => i);
    expect(receive(even).report(0).jitter).toBe(0);
    // Every other packet 10 ms late: the difference is always 80 units.
    expect(receive(even, (i) => (i % 2) * 10).report(0).jitter).toBe(79);
  });

  test('tells when the last sender report came', () => {
    const reception = receive([1]);
    expect(reception.report(500)).toMatchObject({ lastSenderReport: 0, delaySinceLast: 0 });
    reception.senderReport(0x1234, 500);
    expect(reception.report(2500)).toMatchObject({ lastSenderReport: 0x1234, delaySinceLast: 2 * 65_536 });
  });
});

test('any octets are read without an exception, and a sender report is found behind whatever is whole', () => {
  const sender = { timestamp: 1, packets: 1, octets: 1 };
  const report = writeReport(1, 1000, sender);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(20), (octets, words) => {
      senderReportTime(Buffer.from(octets));
      const other = Buffer.alloc(4 + words * 4);
      other.writeUInt8(0x80);
      other.writeUInt8(204, 1); // APP
      other.writeUInt16BE(words, 2);
      expect(senderReportTime(Buffer.concat([other, report]))).toBe(senderReportTime(report));
      expect(senderReportTime(report)).toBe(0x0001_0000);
    }),
  );
});
