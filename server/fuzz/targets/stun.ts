import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import {
  bindingSuccess,
  isAuthentic,
  localFragment,
  readBindingRequest,
  roleConflict,
  unknownAttributes,
} from '../../src/media/ice/stun.ts';
import type { Target } from '../target.ts';

const PASSWORD = 'a-password-of-an-agent';
const HEADER = 20;
const FINGERPRINT = 0x8028;

const uint16 = (value: number): Buffer => Buffer.of(value >> 8, value & 0xff);
const attribute = (type: number, value: Buffer): Buffer =>
  Buffer.concat([uint16(type), uint16(value.length), value, Buffer.alloc(-value.length & 3)]);

/** A Binding request as browsers send it (RFC 8445 §7.2.2). */
function bindingRequest(...attributes: readonly Buffer[]): Buffer {
  const body = Buffer.concat(attributes);
  const head = Buffer.concat([
    uint16(1),
    uint16(body.length + 24),
    Buffer.from('2112a442', 'hex'),
    Buffer.alloc(12, 7),
  ]);
  const covered = Buffer.concat([head, body]);
  const integrity = attribute(8, createHmac('sha1', PASSWORD).update(covered).digest());
  return mended(Buffer.concat([covered, integrity, attribute(FINGERPRINT, Buffer.alloc(4))]));
}

/** Its length is that of what follows, and a fingerprint at its end fits. */
function mended(input: Buffer): Buffer {
  if (input.length < HEADER) return input;
  const request = Buffer.from(input);
  request.writeUInt16BE((request.length - HEADER) & 0xffff, 2);
  const at = request.length - 8;
  if (at >= HEADER && request.readUInt16BE(at) === FINGERPRINT)
    request.writeUInt32BE((crc32(request.subarray(0, at)) ^ 0x5354554e) >>> 0, at + 4);
  return request;
}

/** A response is a message by itself, about as long as its request. */
function assertResponse(response: Buffer, request: Buffer): void {
  assert.equal(response.readUInt16BE(2), response.length - HEADER, 'a response whose length is wrong');
  assert.ok(response.length <= request.length + 100, 'a response that is longer than its request');
  assert.equal(readBindingRequest(response), undefined, 'a response that is taken for a request');
}

export const target: Target = {
  seeds: [
    bindingRequest(
      attribute(6, Buffer.from('ours:theirs')),
      attribute(0x24, Buffer.of(1, 2, 3, 4)),
      attribute(0x802a, Buffer.alloc(8, 1)),
      attribute(0x25, Buffer.alloc(0)),
    ),
    bindingRequest(
      attribute(6, Buffer.from('a:b')),
      attribute(0x8029, Buffer.alloc(8)),
      attribute(0x77, Buffer.alloc(3)),
    ),
  ],
  dictionary: [
    '\x00\x06',
    '\x00\x08\x00\x14',
    '\x80\x28\x00\x04',
    '\x00\x25\x00\x00',
    '\x80\x29',
    '\x21\x12\xa4\x42',
    ':',
  ],
  mend: mended,
  parse(input) {
    const request = readBindingRequest(input);
    if (request === undefined) return undefined;
    isAuthentic(request, PASSWORD);
    const answers = [
      bindingSuccess(request, { address: '192.0.2.1', port: 40_000 }, PASSWORD),
      bindingSuccess(request, { address: '2001:db8::1', port: 40_000 }, PASSWORD),
      roleConflict(request, PASSWORD),
      unknownAttributes(request, PASSWORD),
    ];
    for (const answer of answers) assertResponse(answer, input);
    return { request, fragment: localFragment(request.username), answers };
  },
};
