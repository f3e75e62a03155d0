/** RTP header extensions (RFC 8285) and the one that is understood: how loud a packet is (RFC 6464). PURE. */

export const AUDIO_LEVEL_URI = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

/** The extension between the header and the payload: its profile, and the octets that it defines. */
export interface RtpExtension {
  readonly profile: number;
  readonly octets: Uint8Array;
}

const ONE_BYTE = 0xbede;
/** The last four bits are the application's. */
const TWO_BYTE = 0x1000;
/** At this local id, the rest must be ignored (RFC 8285 §4.2). */
const STOP = 15;

/** How loud it is, in dB below full scale, 0 to 127 (RFC 6464 §3); undefined where the element with this id is missing. */
export function audioLevel(extension: RtpExtension, id: number): number | undefined {
  const [octet] = elementOf(extension, id) ?? [];
  return octet === undefined ? undefined : octet & 0x7f;
}

/** The first element with a local id; undefined where there is none, or where it is cut off. */
function elementOf({ profile, octets }: RtpExtension, id: number): Uint8Array | undefined {
  if (profile === ONE_BYTE) return oneByteElement(octets, id);
  return (profile & 0xfff0) === TWO_BYTE ? twoByteElement(octets, id) : undefined;
}

/** Each after four bits of id and four of its length less one; 0 is padding (RFC 8285 §4.2). */
function oneByteElement(octets: Uint8Array, id: number): Uint8Array | undefined {
  for (let at = 0; at < octets.length;) {
    const head = octets[at++] ?? 0;
    if (head === 0) continue;
    if (head >> 4 === STOP) return undefined;
    const end = at + (head & 0x0f) + 1;
    if (head >> 4 === id) return end <= octets.length ? octets.subarray(at, end) : undefined;
    at = end;
  }
  return undefined;
}

/** Each after an octet of id and one of its length; 0 is padding (RFC 8285 §4.3). */
function twoByteElement(octets: Uint8Array, id: number): Uint8Array | undefined {
  for (let at = 0; at < octets.length;) {
    const head = octets[at++] ?? 0;
    if (head === 0) continue;
    const end = at + 1 + (octets[at] ?? 0);
    if (head === id) return end <= octets.length ? octets.subarray(at + 1, end) : undefined;
    at = end;
  }
  return undefined;
}
