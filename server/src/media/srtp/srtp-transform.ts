import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/**
 * The keys of a transform, already derived from the master key (RFC 3711 §4.3). Keys are key objects, not octets:
 * with octets Node prepares the key for every packet, which costs seven times as much as the encryption.
 */
export interface SessionKeys {
  readonly cipherKey: KeyObject;
  readonly salt: Buffer;
  /** Unused by AEAD transforms. */
  readonly authKey: KeyObject;
}

/**
 * One crypto transform of SRTP. `index` is the packet index, 48 bits for SRTP and 31 bits for SRTCP; `header` counts
 * the octets at the front that stay in the clear.
 */
export interface SrtpTransform {
  readonly cipherKeyOctets: number;
  readonly saltOctets: number;
  readonly tagOctets: number;
  /** How far before its end an SRTCP packet has its index: AEAD puts it last, others put the tag behind it. */
  readonly rtcpIndexFromEnd: number;
  protectRtp(keys: SessionKeys, packet: Buffer, header: number, index: number): Buffer;
  /** The packet in the clear; undefined if it is not authentic. */
  unprotectRtp(keys: SessionKeys, packet: Buffer, header: number, index: number): Buffer | undefined;
  protectRtcp(keys: SessionKeys, packet: Buffer, index: number): Buffer;
  unprotectRtcp(keys: SessionKeys, packet: Buffer, index: number): Buffer | undefined;
}

/** The fixed header and the sender's SSRC of the first RTCP packet stay in the clear (RFC 3711 §3.4). */
export const RTCP_CLEAR = 8;
/** The E flag and the SRTCP index (RFC 3711 §3.4). */
export const SRTCP_INDEX_OCTETS = 4;
/** We only ever send, and accept, encrypted SRTCP. */
export const SRTCP_ENCRYPTED = 0x8000_0000;

const ROLLOVER = 0x1_0000;
const HMAC_TAG = 10;
const GCM_TAG = 16;
const rtpSsrc = (packet: Buffer): number => packet.readUInt32BE(8);
const rtcpSsrc = (packet: Buffer): number => packet.readUInt32BE(4);

function srtcpTrailer(index: number): Buffer {
  const trailer = Buffer.alloc(SRTCP_INDEX_OCTETS);
  trailer.writeUInt32BE((SRTCP_ENCRYPTED | index) >>> 0);
  return trailer;
}

/** The first `width` octets of `salt`, XORed with 32-bit numbers at the given places. */
function saltedIv(
  salt: Buffer,
  width: number,
  ...terms: readonly (readonly [at: number, value: number])[]
): Buffer {
  const iv = Buffer.alloc(width);
  salt.copy(iv);
  for (const [at, value] of terms) iv.writeUInt32BE((iv.readUInt32BE(at) ^ value) >>> 0, at);
  return iv;
}

/** AES_CM_128_HMAC_SHA1_80: AES in counter mode and a shortened HMAC (RFC 3711 §4.1.1, §4.2.1; RFC 5764 §4.1.2). */
export const aesCm128HmacSha1: SrtpTransform = {
  cipherKeyOctets: 16,
  saltOctets: 14,
  tagOctets: HMAC_TAG,
  rtcpIndexFromEnd: SRTCP_INDEX_OCTETS + HMAC_TAG,

  protectRtp(keys, packet, header, index) {
    const body = counterMode(keys, rtpSsrc(packet), index, packet.subarray(header));
    const sealed = Buffer.concat([packet.subarray(0, header), body]);
    return Buffer.concat([sealed, hmacTag(keys, sealed, rollover(index))]);
  },
  unprotectRtp(keys, packet, header, index) {
    const sealed = packet.subarray(0, -HMAC_TAG);
    if (!timingSafeEqual(hmacTag(keys, sealed, rollover(index)), packet.subarray(-HMAC_TAG)))
      return undefined;
    const body = counterMode(keys, rtpSsrc(packet), index, sealed.subarray(header));
    return Buffer.concat([packet.subarray(0, header), body]);
  },
  protectRtcp(keys, packet, index) {
    const body = counterMode(keys, rtcpSsrc(packet), index, packet.subarray(RTCP_CLEAR));
    const sealed = Buffer.concat([packet.subarray(0, RTCP_CLEAR), body, srtcpTrailer(index)]);
    return Buffer.concat([sealed, hmacTag(keys, sealed)]);
  },
  unprotectRtcp(keys, packet, index) {
    const sealed = packet.subarray(0, -HMAC_TAG);
    if (!timingSafeEqual(hmacTag(keys, sealed), packet.subarray(-HMAC_TAG))) return undefined;
    const encrypted = sealed.subarray(RTCP_CLEAR, -SRTCP_INDEX_OCTETS);
    const body = counterMode(keys, rtcpSsrc(packet), index, encrypted);
    return Buffer.concat([packet.subarray(0, RTCP_CLEAR), body]);
  },
};

/** IV = (salt · 2^16) ⊕ (SSRC · 2^64) ⊕ (index · 2^16) (RFC 3711 §4.1.1); the same step encrypts and decrypts. */
function counterMode(keys: SessionKeys, ssrc: number, index: number, data: Buffer): Buffer {
  const high = Math.floor(index / ROLLOVER);
  const low = (index % ROLLOVER) * ROLLOVER;
  const iv = saltedIv(keys.salt, 16, [4, ssrc], [8, high], [12, low]);
  return createCipheriv('aes-128-ctr', keys.cipherKey, iv).update(data);
}

/** SRTP's tag also covers the rollover counter, which is not sent (RFC 3711 §4.2). */
function rollover(index: number): Buffer {
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(Math.floor(index / ROLLOVER));
  return counter;
}

function hmacTag(keys: SessionKeys, ...parts: readonly Buffer[]): Buffer {
  const hmac = createHmac('sha1', keys.authKey);
  for (const part of parts) hmac.update(part);
  return hmac.digest().subarray(0, HMAC_TAG);
}

/** AEAD_AES_128_GCM (RFC 7714). */
export const aeadAes128Gcm: SrtpTransform = {
  cipherKeyOctets: 16,
  saltOctets: 12,
  tagOctets: GCM_TAG,
  rtcpIndexFromEnd: SRTCP_INDEX_OCTETS,

  protectRtp(keys, packet, header, index) {
    const clear = packet.subarray(0, header);
    return Buffer.concat([clear, seal(keys, rtpIv(keys, packet, index), clear, packet.subarray(header))]);
  },
  unprotectRtp(keys, packet, header, index) {
    const clear = packet.subarray(0, header);
    const body = open(keys, rtpIv(keys, packet, index), clear, packet.subarray(header));
    return body && Buffer.concat([clear, body]);
  },
  // The associated data is the clear header and the index with its E flag (RFC 7714 §9.2).
  protectRtcp(keys, packet, index) {
    const clear = packet.subarray(0, RTCP_CLEAR);
    const trailer = srtcpTrailer(index);
    const associated = Buffer.concat([clear, trailer]);
    const sealed = seal(keys, rtcpIv(keys, packet, index), associated, packet.subarray(RTCP_CLEAR));
    return Buffer.concat([clear, sealed, trailer]);
  },
  unprotectRtcp(keys, packet, index) {
    const clear = packet.subarray(0, RTCP_CLEAR);
    const associated = Buffer.concat([clear, packet.subarray(-SRTCP_INDEX_OCTETS)]);
    const sealed = packet.subarray(RTCP_CLEAR, -SRTCP_INDEX_OCTETS);
    const body = open(keys, rtcpIv(keys, packet, index), associated, sealed);
    return body && Buffer.concat([clear, body]);
  },
};

/** 00 00 ‖ SSRC ‖ ROC ‖ SEQ, XORed with the salt (RFC 7714 §8.1). */
function rtpIv(keys: SessionKeys, packet: Buffer, index: number): Buffer {
  const iv = saltedIv(keys.salt, 12, [2, rtpSsrc(packet)], [6, Math.floor(index / ROLLOVER)]);
  iv.writeUInt16BE(iv.readUInt16BE(10) ^ (index % ROLLOVER), 10);
  return iv;
}

/** 00 00 ‖ SSRC ‖ 00 00 ‖ index, XORed with the salt (RFC 7714 §9.1). */
function rtcpIv(keys: SessionKeys, packet: Buffer, index: number): Buffer {
  return saltedIv(keys.salt, 12, [2, rtcpSsrc(packet)], [8, index]);
}

function seal(keys: SessionKeys, iv: Buffer, associated: Buffer, body: Buffer): Buffer {
  const cipher = createCipheriv('aes-128-gcm', keys.cipherKey, iv);
  cipher.setAAD(associated);
  return Buffer.concat([cipher.update(body), cipher.final(), cipher.getAuthTag()]);
}

function open(keys: SessionKeys, iv: Buffer, associated: Buffer, sealed: Buffer): Buffer | undefined {
  const tag = sealed.subarray(-GCM_TAG);
  const decipher = createDecipheriv('aes-128-gcm', keys.cipherKey, iv, { authTagLength: GCM_TAG });
  decipher.setAAD(associated);
  decipher.setAuthTag(tag);
  const body = decipher.update(sealed.subarray(0, -GCM_TAG));
  try {
    return Buffer.concat([body, decipher.final()]);
  } catch {
    return undefined; // `final` throws where the tag does not fit: a peer's mistake, or an attack
  }
}
