import assert from 'node:assert/strict';
import { type Authentication, initial, step } from '../../src/media/dtls/dtls-authentication.ts';
import { HandshakeReassembly } from '../../src/media/dtls/dtls-reassembly.ts';
import {
  CONTENT,
  type HandshakeMessage,
  readHandshakeFragments,
  readRecords,
  writeHandshakeRecord,
} from '../../src/media/dtls/dtls-record.ts';
import type { Target } from '../target.ts';

const EXPECTED = { fingerprints: [{ hash: 'sha-256', value: 'AA' }], clientRandom: Buffer.alloc(32, 1) };

const hello = Buffer.concat([
  Buffer.from('fefd', 'hex'),
  Buffer.alloc(32, 2),
  Buffer.from('00c02b00', 'hex'),
  // The extended master secret, and a profile of SRTP.
  Buffer.from('000d00170000000e0005000200070000'.slice(0, 30), 'hex'),
]);

/** The handshake messages of a datagram that are whole, in their order. */
function messagesOf(datagram: Buffer): HandshakeMessage[] {
  const reassembly = new HandshakeReassembly();
  return readRecords(datagram).flatMap(({ type, fragment }) =>
    type === CONTENT.handshake
      ? (readHandshakeFragments(fragment) ?? []).flatMap((each) => reassembly.add(each))
      : [],
  );
}

export const target: Target = {
  seeds: [
    Buffer.concat([
      writeHandshakeRecord({ type: 3, sequence: 0, body: Buffer.from('feff04deadbeef', 'hex') }),
      writeHandshakeRecord({ type: 2, sequence: 1, body: hello }),
      writeHandshakeRecord({ type: 11, sequence: 2, body: Buffer.from('00000600000330820a', 'hex') }),
    ]),
    writeHandshakeRecord({ type: 2, sequence: 0, body: hello }),
    Buffer.from('15fefd00000000000000070002022801', 'hex'),
  ],
  dictionary: [
    '\x16\xfe\xfd',
    '\x15\xfe\xfd',
    '\x16\xfe\xff',
    '\x00\x00\x01',
    '\x00\x0e',
    '\x00\x17\x00\x00',
    '\xc0\x2f',
  ],
  parse(input) {
    const records = readRecords(input);
    const read = Buffer.concat(records.map(({ octets }) => octets));
    assert.ok(input.subarray(0, read.length).equals(read), 'records that are not what came');
    const messages = messagesOf(input);
    const states: Authentication[] = [];
    for (const message of messages) {
      states.push(step(states.at(-1) ?? initial, message, EXPECTED));
      const [again] = messagesOf(writeHandshakeRecord({ ...message, sequence: 0 }));
      // A record says in 16 bits how long it is, a message in 24.
      assert.ok(
        message.body.length > 16_384 || again?.body.equals(message.body),
        'what is written is read otherwise',
      );
    }
    assert.ok(
      states.every(({ kind }) => kind !== 'awaiting-finished'),
      'a peer is authentic without its certificate',
    );
    return { records, messages, states };
  },
};
