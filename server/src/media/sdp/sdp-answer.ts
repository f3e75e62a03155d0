import type { Fingerprint } from '../dtls/dtls-certificate.ts';
import type { IceCredentials } from '../ice/ice-lite.ts';
import { isIpv6 } from '../ice/ip-address.ts';
import { CNAME } from '../rtp/rtcp.ts';
import { AUDIO_LEVEL_URI } from '../rtp/rtp-extension.ts';
import { attribute } from './sdp.ts';
import type { MediaDescription } from './sdp.ts';
import type { AudioOffer, Direction } from './sdp-offer.ts';

/** This end's own part of the answer. */
export interface LocalDescription {
  /** Stable for the endpoint's life (RFC 3264 §8). */
  readonly sessionId: number;
  /** Higher with every answer. */
  readonly version: number;
  readonly ice: IceCredentials;
  readonly fingerprint: Fingerprint;
  readonly ssrc: number;
  readonly port: number;
  /** Addresses for host candidates, the preferred one first; never empty. */
  readonly addresses: readonly string[];
}

/** The direction seen from the other side (RFC 3264 §6.1). */
const REVERSED = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
} as const satisfies Record<Direction, Direction>;

/**
 * The answer to an offer (RFC 3264 §6, RFC 8829 §5.3): its audio accepted, everything else rejected, except the section that
 * the audio cannot do without.
 */
export function writeAnswer(offer: AudioOffer, local: LocalDescription): string {
  const { media, audio, carrier } = offer;
  const bundle = [...(carrier ? [carrier] : []), audio].map(({ lines }) => attribute([lines], 'mid'));
  const lines = [
    'v=0',
    `o=- ${local.sessionId} ${local.version} ${connection(local.addresses[0])}`,
    's=-',
    't=0 0',
    // RFC 8839 §5.3: a session attribute, never one of a section.
    'a=ice-lite',
    ...(offer.bundled ? [`a=group:BUNDLE ${bundle.join(' ')}`] : []),
    'a=msid-semantic:WMS *',
    ...media.flatMap((section) => {
      if (section === audio) return accepted(offer, local);
      return section === carrier ? carrying(section, local) : rejected(section);
    }),
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

function accepted(offer: AudioOffer, local: LocalDescription): string[] {
  const { audio, codec, telephoneEvent, audioLevel } = offer;
  const direction = REVERSED[offer.direction];
  const formats = [codec.payloadType, ...(telephoneEvent ? [telephoneEvent.payloadType] : [])];
  return [
    `m=audio ${local.port} ${audio.protocol} ${formats.join(' ')}`,
    `c=${connection(local.addresses[0])}`,
    ...midOf(audio),
    'a=rtcp-mux',
    `a=${direction}`,
    // A section that shares another's transport does not repeat it (RFC 9143 §7.1.3).
    ...(offer.carrier ? [] : transportOf(local)),
    `a=rtpmap:${codec.payloadType} ${codec.format.rtpmap}`,
    ...(codec.format.parameters ? [`a=fmtp:${codec.payloadType} ${codec.format.parameters}`] : []),
    ...(telephoneEvent
      ? [
          `a=rtpmap:${telephoneEvent.payloadType} telephone-event/${telephoneEvent.format}`,
          `a=fmtp:${telephoneEvent.payloadType} 0-15`,
        ]
      : []),
    'a=ptime:20',
    // Nothing is sent in it: the levels that arrive tell silence from speech.
    ...(audioLevel === undefined ? [] : [`a=extmap:${audioLevel}/recvonly ${AUDIO_LEVEL_URI}`]),
    ...(direction.startsWith('send') ? [`a=msid:${CNAME} ${CNAME}-audio`] : []),
    `a=ssrc:${local.ssrc} cname:${CNAME}`,
    ...(offer.carrier ? [] : candidatesOf(local)),
  ];
}

/** Accepted for its transport alone: nothing is ever sent in it, either way. */
function carrying(media: MediaDescription, local: LocalDescription): string[] {
  return [
    `m=${media.kind} ${local.port} ${media.protocol} ${media.formats.join(' ')}`,
    `c=${connection(local.addresses[0])}`,
    ...midOf(media),
    'a=rtcp-mux',
    'a=inactive',
    ...transportOf(local),
    ...media.lines.filter((line) => /^a=(rtpmap|fmtp):/.test(line)),
    ...candidatesOf(local),
  ];
}

function transportOf({ fingerprint, ice }: LocalDescription): string[] {
  return [
    'a=setup:active',
    `a=fingerprint:${fingerprint.hash} ${fingerprint.value}`,
    `a=ice-ufrag:${ice.ufrag}`,
    `a=ice-pwd:${ice.password}`,
  ];
}

function candidatesOf({ addresses, port }: LocalDescription): string[] {
  return addresses.map((address, i) => `a=candidate:${candidate(i, address, port)}`);
}

/** Port 0 and nothing else that matters (RFC 3264 §6); the mid stays, so that both sides count alike (RFC 8829 §5.3.1). */
function rejected(media: MediaDescription): string[] {
  return [
    `m=${media.kind} 0 ${media.protocol} ${media.formats.join(' ')}`,
    'c=IN IP4 0.0.0.0',
    ...midOf(media),
    'a=inactive',
  ];
}

function midOf(media: MediaDescription): string[] {
  const mid = attribute([media.lines], 'mid');
  return mid === undefined ? [] : [`a=mid:${mid}`];
}

/** A host candidate (RFC 8839 §5.1, priority RFC 8445 §5.1.2.1). */
function candidate(order: number, address: string, port: number): string {
  const priority = 2 ** 24 * 126 + 2 ** 8 * (65_535 - order) + 255;
  return `${order + 1} 1 udp ${priority} ${address} ${port} typ host`;
}

function connection(address = '0.0.0.0'): string {
  return `IN ${isIpv6(address) ? 'IP6' : 'IP4'} ${address}`;
}
