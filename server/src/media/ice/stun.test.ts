import { createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bindingSuccess, isAuthentic, readBindingRequest, roleConflict, unknownAttributes } from './stun.ts';
import type { BindingRequest } from './stun.ts';

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex');

/** RFC 5769 §2.1: username `evtj:h6vY`, padded with spaces. */
const sampleRequest = hex(`
  00010058 2112a442 b7e7a701bc34d686fa87dfae
  80220010 5354554e207465737420636c69656e74
  00240004 6e0001ff
  80290008 932ff9b151263b36
  00060009 6576746a3a68367659202020
  00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2
  80280004 e57a3bcf`);
/** RFC 5769 §2.2. */
const sampleResponse = hex(`
  0101003c 2112a442 b7e7a701bc34d686fa87dfae
  8022000b 7465737420766563746f7220
  00200008 0001a147 e112a643
  00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7
  80280004 c07d4c96`);
const password = 'VOkJxbRl1RmTxUk/WvJxBt';

function read(datagram: Buffer): BindingRequest {
  const request = readBindingRequest(datagram);
  if (!request) throw new Error('not a Binding request');
  return request;
}

/** The value of an attribute in a message that another STUN implementation would accept. */
function attributes(message: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = 20; at < message.length; at += 4 + ((message.readUInt16BE(at + 2) + 3) & ~3))
    found.set(message.readUInt16BE(at), message.subarray(at + 4, at + 4 + message.readUInt16BE(at + 2)));
  return found;
}

describe('a Binding request', () => {
  test('is read as RFC 5769 §2.1 has it', () => {
    const request = read(sampleRequest);
    expect(request).toMatchObject({
      username: 'evtj:h6vY',
      controlled: true,
      useCandidate: false,
      unknown: [],
    });
    expect(isAuthentic(request, password)).toBe(true);
  });

  test('with a wrong password is not authentic', () => {
    expect(isAuthentic(read(sampleRequest), `${password}x`)).toBe(false);
  });

  test('that was altered before its FINGERPRINT is refused or not authentic', () => {
    fc.assert(
      fc.property(fc.nat(sampleRequest.length - 9), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const altered = Buffer.from(sampleRequest);
        altered.writeUInt8(altered.readUInt8(at) ^ flip, at);
        const request = readBindingRequest(altered);
        expect(request !== undefined && isAuthentic(request, password)).toBe(false);
      }),
    );
  });

  test.for([
    ['a length that the datagram does not have', (m: Buffer) => m.subarray(0, -4)],
    ['no magic cookie', (m: Buffer) => (m.writeUInt32BE(0, 4), m)],
    ['another method', (m: Buffer) => (m.writeUInt16BE(3, 0), m)],
    ['an indication', (m: Buffer) => (m.writeUInt16BE(0x11, 0), m)],
    ['an attribute that runs over the end', (m: Buffer) => (m.writeUInt16BE(0xffff, 22), m)],
    ['a wrong FINGERPRINT', (m: Buffer) => (m.writeUInt32BE(0, m.length - 4), m)],
    ['only a header', (m: Buffer) => (m.writeUInt16BE(0, 2), m.subarray(0, 20))],
  ] as const)('with %s is refused', ([, spoil]) => {
    expect(readBindingRequest(spoil(Buffer.from(sampleRequest)))).toBeUndefined();
  });

  test('of any octets never throws', () => {
    const stunLike = fc.uint8Array({ maxLength: 200 }).map((tail) => {
      const message = Buffer.concat([sampleRequest.subarray(0, 20), tail]);
      message.writeUInt16BE(tail.length, 2);
      return message;
    });
    fc.assert(fc.property(stunLike, (message) => void readBindingRequest(message)));
    fc.assert(fc.property(fc.uint8Array(), (octets) => void readBindingRequest(Buffer.from(octets))));
  });
});

describe('a response', () => {
  test.for([
    ['192.0.2.1', '0001a147 e112a643'],
    ['2001:db8:1234:5678:11:2233:4455:6677', '0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9'],
  ] as const)('maps %s as RFC 5769 §2.2 and §2.3 do', ([address, mapped]) => {
    const response = bindingSuccess(read(sampleRequest), { address, port: 32853 }, password);
    expect(response.readUInt16BE(0)).toBe(0x0101);
    expect(response.readUInt16BE(2)).toBe(response.length - 20);
    expect(attributes(response).get(0x0020)).toEqual(hex(mapped));
  });

  test.for([
    ['RFC 5769 §2.2', sampleResponse],
    ['ours', bindingSuccess(read(sampleRequest), { address: '192.0.2.1', port: 1 }, password)],
  ] as const)('ends with MESSAGE-INTEGRITY and FINGERPRINT: %s', ([, response]) => {
    expect([...attributes(response).keys()].slice(-2)).toEqual([0x0008, 0x8028]);
    const covered = Buffer.from(response.subarray(0, -32));
    covered.writeUInt16BE(response.length - 20 - 8, 2);
    expect(attributes(response).get(0x0008)).toEqual(createHmac('sha1', password).update(covered).digest());
    expect(attributes(response).get(0x8028)?.readUInt32BE(0)).toBe(
      (crc32(response.subarray(0, -8)) ^ 0x5354554e) >>> 0,
    );
  });

  test('to a peer that believes itself controlled is 487', () => {
    const response = roleConflict(read(sampleRequest), password);
    expect(response.readUInt16BE(0)).toBe(0x0111);
    expect(attributes(response).get(0x0009)?.subarray(0, 4)).toEqual(Buffer.from([0, 0, 4, 87]));
  });

  test('to unknown mandatory attributes is 420 and names them', () => {
    const request = { ...read(sampleRequest), unknown: [0x0033, 0x0044] };
    const response = attributes(unknownAttributes(request, password));
    expect(response.get(0x0009)?.subarray(0, 4)).toEqual(Buffer.from([0, 0, 4, 20]));
    expect(response.get(0x000a)).toEqual(hex('00330044'));
  });
});
