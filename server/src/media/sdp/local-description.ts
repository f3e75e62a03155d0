import type { Fingerprint } from '../dtls/dtls-certificate.ts';
import type { IceCredentials } from '../ice/ice-lite.ts';
import { isIpv6 } from '../ice/ip-address.ts';
import { CNAME } from '../rtp/rtcp.ts';
import { AUDIO_LEVEL_URI } from '../rtp/rtp-extension.ts';
import { OPUS, PCMU } from '../codec/codec.ts';
import type { Codec } from '../codec/codec.ts';
import type { Direction, PeerAudio } from './peer-audio.ts';
import type { Mapped } from './rtp-formats.ts';
import { attribute } from './sdp.ts';
import type { MediaDescription } from './sdp.ts';

/** This end's own part of an offer or answer. */
export interface LocalDescription {
  /** Stable for the endpoint's life (RFC 3264 §8). */
  readonly sessionId: number;
  /** Higher with every description. */
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

/** The formats of the section in use. */
interface Formats {
  readonly codecs: readonly Mapped<Codec>[];
  /** By their clocks. */
  readonly telephoneEvents: readonly Mapped<number>[];
  readonly audioLevel: number | undefined;
}

type Sections = Pick<PeerAudio, 'media' | 'audio' | 'carrier' | 'bundled'>;

/** What is offered where nothing has been said before; Firefox has events at 8000 only. */
const FRESH_FORMATS: Formats = {
  codecs: [
    { payloadType: 111, format: OPUS },
    { payloadType: 0, format: PCMU },
  ],
  telephoneEvents: [
    { payloadType: 110, format: OPUS.clock },
    { payloadType: 101, format: PCMU.clock },
  ],
  audioLevel: 1,
};
const FRESH_AUDIO: MediaDescription = {
  kind: 'audio',
  port: 9,
  protocol: 'UDP/TLS/RTP/SAVPF',
  formats: [],
  lines: ['a=mid:0'],
};
const FRESH: Sections = { media: [FRESH_AUDIO], audio: FRESH_AUDIO, carrier: undefined, bundled: true };

/**
 * The answer to an offer (RFC 3264 §6, RFC 8829 §5.3): its audio accepted, everything else rejected, except the section that
 * the audio cannot do without.
 */
export const writeAnswer = (offer: PeerAudio, local: LocalDescription): string =>
  write(offer, agreedFormats(offer), REVERSED[offer.direction], local);

/**
 * An offer (RFC 3264 §5, §8): of `said`, what the peer said last, the sections, their mids and the formats stay. RFC 5763 §5 would
 * leave the role in DTLS to the peer, which in a browser then takes the active one; this end has no other and so says so (RFC 4145 §4).
 */
export function writeOffer(said: PeerAudio | undefined, local: LocalDescription): string {
  return write(said ?? FRESH, said ? agreedFormats(said) : FRESH_FORMATS, 'sendrecv', local);
}

const agreedFormats = ({ codec, telephoneEvent, audioLevel }: PeerAudio): Formats => ({
  codecs: [codec],
  telephoneEvents: telephoneEvent ? [telephoneEvent] : [],
  audioLevel,
});

function write(sections: Sections, formats: Formats, direction: Direction, local: LocalDescription): string {
  const { media, audio, carrier, bundled } = sections;
  const bundle = [...(carrier ? [carrier] : []), audio].map(({ lines }) => attribute([lines], 'mid'));
  const lines = [
    'v=0',
    `o=- ${local.sessionId} ${local.version} ${connection(local.addresses[0])}`,
    's=-',
    't=0 0',
    // RFC 8839 §5.3: a session attribute, never one of a section.
    'a=ice-lite',
    ...(bundled ? [`a=group:BUNDLE ${bundle.join(' ')}`] : []),
    'a=msid-semantic:WMS *',
    ...media.flatMap((section) => {
      if (section === audio) return inUse(sections, formats, direction, local);
      return section === carrier ? carrying(section, local) : rejected(section);
    }),
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

function inUse(
  { audio, carrier }: Sections,
  { codecs, telephoneEvents, audioLevel }: Formats,
  direction: Direction,
  local: LocalDescription,
): string[] {
  const payloadTypes = [...codecs, ...telephoneEvents].map(({ payloadType }) => payloadType);
  return [
    `m=audio ${local.port} ${audio.protocol} ${payloadTypes.join(' ')}`,
    `c=${connection(local.addresses[0])}`,
    ...midOf(audio),
    'a=rtcp-mux',
    `a=${direction}`,
    // A section that shares another's transport does not repeat it (RFC 9143 §7.1.3).
    ...(carrier ? [] : transportOf(local)),
    ...codecs.flatMap(({ payloadType, format: { rtpmap, parameters } }) => [
      `a=rtpmap:${payloadType} ${rtpmap}`,
      ...(parameters ? [`a=fmtp:${payloadType} ${parameters}`] : []),
    ]),
    ...telephoneEvents.flatMap(({ payloadType, format: clock }) => [
      `a=rtpmap:${payloadType} telephone-event/${clock}`,
      `a=fmtp:${payloadType} 0-15`,
    ]),
    'a=ptime:20',
    // Nothing is sent in it: the levels that arrive tell silence from speech.
    ...(audioLevel === undefined ? [] : [`a=extmap:${audioLevel}/recvonly ${AUDIO_LEVEL_URI}`]),
    ...(direction.startsWith('send') ? [`a=msid:${CNAME} ${CNAME}-audio`] : []),
    `a=ssrc:${local.ssrc} cname:${CNAME}`,
    ...(carrier ? [] : candidatesOf(local)),
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
