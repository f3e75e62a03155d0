import { createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { addressOctets, isIpv6 } from './ip-address.ts';

/** STUN (RFC 8489) as far as an ICE-lite agent needs it: reads Binding requests, writes their responses. */

const MAGIC_COOKIE = 0x2112a442;
const HEADER = 20;
const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const BINDING_ERROR = 0x0111;
const INTEGRITY_OCTETS = 24; // attribute header and HMAC-SHA1
const FINGERPRINT_OCTETS = 8;
const FINGERPRINT_XOR = 0x5354554e; // RFC 8489 §14.7

const ATTRIBUTE = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  unknownAttributes: 0x000a,
  xorMappedAddress: 0x0020,
  priority: 0x0024,
  useCandidate: 0x0025,
  fingerprint: 0x8028,
  iceControlled: 0x8029,
} as const;

/** A well-formed Binding request; `isAuthentic` says whether it is genuine. */
export interface BindingRequest {
  readonly transactionId: Buffer;
  /** `<fragment of the receiver>:<fragment of the sender>` (RFC 8445 §7.2.2). */
  readonly username: string;
  readonly useCandidate: boolean;
  /** The sender believes itself to be the controlled agent. */
  readonly controlled: boolean;
  /** Comprehension-required attributes that this server does not comprehend. */
  readonly unknown: readonly number[];
  /** What MESSAGE-INTEGRITY covers, and its HMAC (RFC 8489 §14.5). */
  readonly covered: Buffer;
  readonly integrity: Buffer;
}

/**
 * Reads a Binding request. Returns undefined for anything else, for a broken one, for one without USERNAME or
 * MESSAGE-INTEGRITY (ICE demands both, RFC 8445 §7.2.2) and for one whose FINGERPRINT does not fit.
 */
export function readBindingRequest(datagram: Buffer): BindingRequest | undefined {
  if (datagram.length < HEADER) return undefined;
  if (datagram.readUInt16BE(0) !== BINDING_REQUEST || datagram.readUInt32BE(4) !== MAGIC_COOKIE)
    return undefined;
  if (datagram.readUInt16BE(2) !== datagram.length - HEADER) return undefined;

  let username: string | undefined;
  let useCandidate = false;
  let controlled = false;
  let integrityAt: number | undefined;
  const unknown: number[] = [];
  for (let at = HEADER; at < datagram.length;) {
    if (at + 4 > datagram.length) return undefined;
    const type = datagram.readUInt16BE(at);
    const length = datagram.readUInt16BE(at + 2);
    const value = datagram.subarray(at + 4, at + 4 + length);
    if (value.length !== length) return undefined;
    if (type === ATTRIBUTE.fingerprint) {
      if (length !== 4 || value.readUInt32BE(0) !== fingerprint(datagram.subarray(0, at))) return undefined;
    } else if (integrityAt === undefined) {
      // What follows MESSAGE-INTEGRITY is not covered by it and is ignored (RFC 8489 §14.5).
      if (type === ATTRIBUTE.messageIntegrity) {
        if (length !== INTEGRITY_OCTETS - 4) return undefined;
        integrityAt = at;
      } else if (type === ATTRIBUTE.username) username = value.toString('utf8');
      else if (type === ATTRIBUTE.useCandidate) useCandidate = true;
      else if (type === ATTRIBUTE.iceControlled) controlled = true;
      else if (type < 0x8000 && type !== ATTRIBUTE.priority) unknown.push(type);
    }
    at += 4 + padded(length);
  }
  if (username === undefined || integrityAt === undefined) return undefined;

  const covered = Buffer.from(datagram.subarray(0, integrityAt));
  covered.writeUInt16BE(integrityAt + INTEGRITY_OCTETS - HEADER, 2);
  return {
    transactionId: datagram.subarray(8, HEADER),
    username,
    useCandidate,
    controlled,
    unknown,
    covered,
    integrity: datagram.subarray(integrityAt + 4, integrityAt + INTEGRITY_OCTETS),
  };
}

/** The receiver's fragment in a username: the part before the colon (RFC 8445 §7.2.2). */
export const localFragment = (username: string): string =>
  username.slice(0, Math.max(0, username.indexOf(':')));

/** Does MESSAGE-INTEGRITY prove that the sender knows `password`? (RFC 8489 §9.1.3, short-term credentials) */
export function isAuthentic(request: BindingRequest, password: string): boolean {
  return timingSafeEqual(hmac(request.covered, password), request.integrity);
}

/** The success response: tells the peer the address that it was seen at (RFC 8445 §7.3.1.2). */
export function bindingSuccess(
  request: BindingRequest,
  peer: { readonly address: string; readonly port: number },
  password: string,
): Buffer {
  const address = xorMappedAddress(request.transactionId, peer.address, peer.port);
  return message(BINDING_SUCCESS, request, [attribute(ATTRIBUTE.xorMappedAddress, address)], password);
}

/** 487: the peer has to take the controlling role, since a lite agent cannot (RFC 8445 §6.1.1, §7.3.1.1). */
export function roleConflict(request: BindingRequest, password: string): Buffer {
  return message(BINDING_ERROR, request, [errorCode(487, 'Role Conflict')], password);
}

/** 420: names the comprehension-required attributes that were not understood (RFC 8489 §6.3.1). */
export function unknownAttributes(request: BindingRequest, password: string): Buffer {
  const types = Buffer.alloc(request.unknown.length * 2);
  request.unknown.forEach((type, i) => types.writeUInt16BE(type, i * 2));
  const attributes = [errorCode(420, 'Unknown Attribute'), attribute(ATTRIBUTE.unknownAttributes, types)];
  return message(BINDING_ERROR, request, attributes, password);
}

function message(
  type: number,
  { transactionId }: BindingRequest,
  attributes: readonly Buffer[],
  password: string,
): Buffer {
  const body = Buffer.concat(attributes);
  const head = Buffer.alloc(HEADER);
  head.writeUInt16BE(type, 0);
  head.writeUInt32BE(MAGIC_COOKIE, 4);
  transactionId.copy(head, 8);
  // The length counts what follows up to the attribute being computed, itself included (RFC 8489 §14.5, §14.7).
  head.writeUInt16BE(body.length + INTEGRITY_OCTETS, 2);
  const integrity = attribute(ATTRIBUTE.messageIntegrity, hmac(Buffer.concat([head, body]), password));
  head.writeUInt16BE(body.length + INTEGRITY_OCTETS + FINGERPRINT_OCTETS, 2);
  const signed = Buffer.concat([head, body, integrity]);
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(fingerprint(signed));
  return Buffer.concat([signed, attribute(ATTRIBUTE.fingerprint, crc)]);
}

function attribute(type: number, value: Buffer): Buffer {
  const octets = Buffer.alloc(4 + padded(value.length));
  octets.writeUInt16BE(type, 0);
  octets.writeUInt16BE(value.length, 2);
  value.copy(octets, 4);
  return octets;
}

function errorCode(code: number, reason: string): Buffer {
  const value = Buffer.from([0, 0, Math.floor(code / 100), code % 100]);
  return attribute(ATTRIBUTE.errorCode, Buffer.concat([value, Buffer.from(reason)]));
}

/** RFC 8489 §14.2: port and address, masked by the magic cookie and, for IPv6, the transaction id. */
function xorMappedAddress(transactionId: Buffer, address: string, port: number): Buffer {
  const octets = addressOctets(address);
  const mask = Buffer.alloc(16);
  mask.writeUInt32BE(MAGIC_COOKIE);
  transactionId.copy(mask, 4);
  const value = Buffer.alloc(4 + octets.length);
  value.writeUInt8(isIpv6(address) ? 2 : 1, 1);
  value.writeUInt16BE(port ^ (MAGIC_COOKIE >>> 16), 2);
  octets.forEach((octet, i) => value.writeUInt8(octet ^ mask.readUInt8(i), 4 + i));
  return value;
}

const padded = (length: number): number => (length + 3) & ~3;
const hmac = (data: Buffer, password: string): Buffer => createHmac('sha1', password).update(data).digest();
const fingerprint = (data: Buffer): number => (crc32(data) ^ FINGERPRINT_XOR) >>> 0;
