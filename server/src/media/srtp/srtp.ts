import { createCipheriv, createSecretKey } from 'node:crypto';
import { ReplayWindow } from './replay-window.ts';
import { RTP_HEADER, rtpHeaderLength } from '../rtp/rtp.ts';
import {
  aeadAes128Gcm,
  aesCm128HmacSha1,
  RTCP_CLEAR,
  SRTCP_ENCRYPTED,
  SRTCP_INDEX_OCTETS,
} from './srtp-transform.ts';
import type { SessionKeys, SrtpTransform } from './srtp-transform.ts';

/** Protection profiles by their number in DTLS's use_srtp (RFC 5764 §4.1.2, RFC 7714 §14.2), the better one first. */
export const SRTP_PROFILES: ReadonlyMap<number, SrtpTransform> = new Map([
  [0x0007, aeadAes128Gcm],
  [0x0001, aesCm128HmacSha1],
]);

/** Master key and salt of one direction, as DTLS hands them out (RFC 5764 §4.2). */
export interface MasterKey {
  readonly key: Buffer;
  readonly salt: Buffer;
}

/** How many sources one peer may have at a time; a browser's audio has one. */
const LONGEST_SOURCE_LIST = 16;
const LABEL = { rtp: 0, rtcp: 3 } as const;
const AUTH_KEY_OCTETS = 20;

/**
 * Session keys by AES in counter mode (RFC 3711 §4.3.1, §4.3.3), for a key derivation rate of zero. A salt of 96 bits
 * counts as 112 with zeros behind (RFC 7714 §11). Labels 0 to 2 are RTP's cipher key, authentication key and salt, 3 to 5 RTCP's.
 */
export function deriveSessionKeys(transform: SrtpTransform, master: MasterKey, first: 0 | 3): SessionKeys {
  const derive = (label: number, octets: number): Buffer => {
    const iv = Buffer.alloc(16);
    master.salt.copy(iv);
    iv.writeUInt8(iv.readUInt8(7) ^ label, 7);
    return createCipheriv('aes-128-ctr', master.key, iv).update(Buffer.alloc(octets));
  };
  return {
    cipherKey: createSecretKey(derive(first, transform.cipherKeyOctets)),
    authKey: createSecretKey(derive(first + 1, AUTH_KEY_OCTETS)),
    salt: derive(first + 2, transform.saltOctets),
  };
}

/** Protects what this end sends: one RTP source and its RTCP (RFC 3711). */
export class SrtpSender {
  readonly #transform: SrtpTransform;
  readonly #rtp: SessionKeys;
  readonly #rtcp: SessionKeys;
  #index = -1;
  #rtcpIndex = 0;

  constructor(transform: SrtpTransform, master: MasterKey) {
    this.#transform = transform;
    this.#rtp = deriveSessionKeys(transform, master, LABEL.rtp);
    this.#rtcp = deriveSessionKeys(transform, master, LABEL.rtcp);
  }

  /** Packets of one SSRC as `writeRtp` makes them, in the order of their sequence numbers. */
  protectRtp(packet: Buffer): Buffer {
    this.#index = nearestIndex(this.#index, packet.readUInt16BE(2));
    const header = rtpHeaderLength(packet) ?? RTP_HEADER;
    return this.#transform.protectRtp(this.#rtp, packet, header, this.#index);
  }

  protectRtcp(packet: Buffer): Buffer {
    return this.#transform.protectRtcp(this.#rtcp, packet, this.#rtcpIndex++);
  }
}

/** Opens what the peer sends; anything forged, altered or repeated is undefined (RFC 3711 §3.3, §3.4). */
export class SrtpReceiver {
  readonly #transform: SrtpTransform;
  readonly #rtp: SessionKeys;
  readonly #rtcp: SessionKeys;
  /** RTP's packet indices are counted per source (RFC 3711 §3.2.3). Only authentic packets make an entry. */
  readonly #sources = new Map<number, ReplayWindow>();
  readonly #rtcpSeen = new ReplayWindow();

  constructor(transform: SrtpTransform, master: MasterKey) {
    this.#transform = transform;
    this.#rtp = deriveSessionKeys(transform, master, LABEL.rtp);
    this.#rtcp = deriveSessionKeys(transform, master, LABEL.rtcp);
  }

  unprotectRtp(packet: Buffer): Buffer | undefined {
    const header = rtpHeaderLength(packet);
    if (header === undefined || packet.length < header + this.#transform.tagOctets) return undefined;
    const ssrc = packet.readUInt32BE(8);
    const seen = this.#sources.get(ssrc) ?? this.#newSource();
    if (!seen) return undefined;
    const index = nearestIndex(seen.highest, packet.readUInt16BE(2));
    if (!seen.isFresh(index)) return undefined;
    const clear = this.#transform.unprotectRtp(this.#rtp, packet, header, index);
    if (clear) {
      seen.see(index);
      this.#sources.set(ssrc, seen);
    }
    return clear;
  }

  /** At the limit a new source is refused: forgetting an old one would let its packets be replayed. */
  #newSource(): ReplayWindow | undefined {
    return this.#sources.size < LONGEST_SOURCE_LIST ? new ReplayWindow() : undefined;
  }

  unprotectRtcp(packet: Buffer): Buffer | undefined {
    const { tagOctets, rtcpIndexFromEnd } = this.#transform;
    if (packet.length < RTCP_CLEAR + SRTCP_INDEX_OCTETS + tagOctets) return undefined;
    const trailer = packet.readUInt32BE(packet.length - rtcpIndexFromEnd);
    if (trailer < SRTCP_ENCRYPTED) return undefined;
    const index = trailer - SRTCP_ENCRYPTED;
    if (!this.#rtcpSeen.isFresh(index)) return undefined;
    const clear = this.#transform.unprotectRtcp(this.#rtcp, packet, index);
    if (clear) this.#rtcpSeen.see(index);
    return clear;
  }
}

/** The packet index nearest to the highest one so far that ends in `sequence` (RFC 3711 §3.3.1); -1 means none so far. */
function nearestIndex(highest: number, sequence: number): number {
  if (highest < 0) return sequence;
  const distance = ((sequence - highest) << 16) >> 16;
  return highest + distance < 0 ? sequence : highest + distance;
}
