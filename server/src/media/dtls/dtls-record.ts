/** DTLS 1.2 records and handshake headers (RFC 6347 §4.1, §4.2.2). */

export const CONTENT = { alert: 21, handshake: 22 } as const;

const RECORD_HEADER = 13;
const HANDSHAKE_HEADER = 12;
const DTLS_1_2 = 0xfefd;
/** A first ServerHello or HelloVerifyRequest may say 1.0 on its record (RFC 6347 §4.2.1). */
const DTLS_1_0 = 0xfeff;

export interface DtlsRecord {
  readonly type: number;
  readonly version: number;
  readonly epoch: number;
  /** 48 bits. */
  readonly sequence: number;
  readonly fragment: Buffer;
  /** The record as it came, header included. */
  readonly octets: Buffer;
}

/** A handshake message, or a part of one. */
export interface HandshakeFragment {
  readonly type: number;
  /** Octets of the whole message's body. */
  readonly length: number;
  readonly sequence: number;
  readonly offset: number;
  readonly body: Buffer;
}

/** The records of a datagram; reading ends at the first that is broken (RFC 6347 §4.1.2.7: invalid records are dropped). */
export function readRecords(datagram: Buffer): DtlsRecord[] {
  const records: DtlsRecord[] = [];
  for (let at = 0; at + RECORD_HEADER <= datagram.length;) {
    const version = datagram.readUInt16BE(at + 1);
    const end = at + RECORD_HEADER + datagram.readUInt16BE(at + 11);
    if (end > datagram.length || (version !== DTLS_1_2 && version !== DTLS_1_0)) break;
    records.push({
      type: datagram.readUInt8(at),
      version,
      epoch: datagram.readUInt16BE(at + 3),
      sequence: datagram.readUIntBE(at + 5, 6),
      fragment: datagram.subarray(at + RECORD_HEADER, end),
      octets: datagram.subarray(at, end),
    });
    at = end;
  }
  return records;
}

/** The handshake fragments in a record's plaintext; undefined if any of them is broken. */
export function readHandshakeFragments(plaintext: Buffer): HandshakeFragment[] | undefined {
  const fragments: HandshakeFragment[] = [];
  for (let at = 0; at < plaintext.length;) {
    if (at + HANDSHAKE_HEADER > plaintext.length) return undefined;
    const length = plaintext.readUIntBE(at + 1, 3);
    const offset = plaintext.readUIntBE(at + 6, 3);
    const end = at + HANDSHAKE_HEADER + plaintext.readUIntBE(at + 9, 3);
    const body = plaintext.subarray(at + HANDSHAKE_HEADER, end);
    if (end > plaintext.length || offset + body.length > length) return undefined;
    fragments.push({
      type: plaintext.readUInt8(at),
      length,
      sequence: plaintext.readUInt16BE(at + 4),
      offset,
      body,
    });
    at = end;
  }
  return fragments;
}

/** A record that carries one whole handshake message in the clear. */
export function writeHandshakeRecord(message: HandshakeMessage): Buffer {
  const record = Buffer.alloc(RECORD_HEADER + HANDSHAKE_HEADER + message.body.length);
  record.writeUInt8(CONTENT.handshake, 0);
  record.writeUInt16BE(DTLS_1_2, 1);
  record.writeUInt16BE(HANDSHAKE_HEADER + message.body.length, 11);
  record.writeUInt8(message.type, RECORD_HEADER);
  record.writeUIntBE(message.body.length, RECORD_HEADER + 1, 3);
  record.writeUInt16BE(message.sequence, RECORD_HEADER + 4);
  record.writeUIntBE(message.body.length, RECORD_HEADER + 9, 3);
  message.body.copy(record, RECORD_HEADER + HANDSHAKE_HEADER);
  return record;
}

/** A whole handshake message. */
export interface HandshakeMessage {
  readonly type: number;
  readonly sequence: number;
  readonly body: Buffer;
}
