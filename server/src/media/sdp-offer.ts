import { OPUS, PCMU } from './codec.ts';
import type { Codec } from './codec.ts';
import { strongest } from './dtls-certificate.ts';
import type { Fingerprint } from './dtls-certificate.ts';
import { UnacceptableOffer } from './endpoint.ts';
import { AUDIO_LEVEL_URI } from './rtp-extension.ts';
import { attribute, attributes, hasProperty, readDescription } from './sdp.ts';
import type { MediaDescription } from './sdp.ts';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** A payload type given to a format. */
export interface Mapped<Format> {
  readonly payloadType: number;
  readonly format: Format;
}

/** What an offer asks for, as far as this end has a choice or a duty in it. */
export interface AudioOffer {
  /** All media sections in their order; the answer has one for each (RFC 3264 §6). */
  readonly media: readonly MediaDescription[];
  /** The section that is accepted: the first with audio. */
  readonly audio: MediaDescription;
  readonly codec: Mapped<Codec>;
  /** Events of the codec's clock if offered, else of any; `format` is their clock (RFC 4733 §2.1). */
  readonly telephoneEvent: Mapped<number> | undefined;
  /** The local id of packets' audio levels, where the peer would send them (RFC 6464 §4). */
  readonly audioLevel: number | undefined;
  /** As the peer sees it. */
  readonly direction: Direction;
  /** Changes with an ICE restart (RFC 8839 §4.4.1.1.1). */
  readonly iceUfrag: string;
  /** The peer's certificate has to have one of them; those of one hash, sorted. */
  readonly fingerprints: readonly Fingerprint[];
  /** The audio section is in a BUNDLE group (RFC 9143). */
  readonly bundled: boolean;
}

const PROTOCOLS = ['UDP/TLS/RTP/SAVPF', 'UDP/TLS/RTP/SAVP', 'RTP/SAVPF'];
const DIRECTIONS = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;

/** Reads an offer. Throws `UnacceptableOffer`, with a sentence, where this end cannot take part. */
export function readOffer(sdp: string): AudioOffer {
  const { session, media } = readDescription(sdp);
  if (media.some(({ formats }) => formats.length === 0))
    throw new UnacceptableOffer('a media line is broken');
  const audio = media.find(
    ({ kind, port, protocol }) => kind === 'audio' && port > 0 && PROTOCOLS.includes(protocol),
  );
  if (!audio) throw new UnacceptableOffer('no audio over DTLS-SRTP is offered');
  // What a section does not say itself, the session says for it (RFC 8866 §5.13, RFC 8839 §5.4).
  const lines = [...audio.lines, ...session];

  if (!hasProperty(lines, 'rtcp-mux')) throw new UnacceptableOffer('RTP and RTCP need one port (RFC 5761)');
  // This end always takes the active role, which the offer has to leave open (RFC 5763 §5).
  if (!['actpass', 'passive'].includes(attribute(lines, 'setup') ?? 'actpass'))
    throw new UnacceptableOffer('the DTLS client role is not left to the answerer');
  const iceUfrag = attribute(lines, 'ice-ufrag');
  if (iceUfrag === undefined) throw new UnacceptableOffer('no ICE credentials are offered');
  const fingerprints = readFingerprints(attributes(lines, 'fingerprint'));
  if (fingerprints.length === 0) throw new UnacceptableOffer('no certificate fingerprint of a trusted hash');
  const formats = readFormats(audio);
  const codec = chooseCodec(formats);
  if (!codec) throw new UnacceptableOffer('neither Opus nor PCMU is offered');

  return {
    media,
    audio,
    codec,
    telephoneEvent: chooseTelephoneEvent(formats, codec.format.clock),
    audioLevel: readAudioLevel(attributes(lines, 'extmap')),
    direction: DIRECTIONS.find((direction) => hasProperty(lines, direction)) ?? 'sendrecv',
    iceUfrag,
    fingerprints,
    bundled: isBundled(session, attribute(audio.lines, 'mid')),
  };
}

interface RtpFormat {
  readonly payloadType: number;
  readonly name: string;
  readonly clock: number;
}

/** The formats of `m=` in the peer's order of preference, named by their rtpmap, or PCMU's static 0 (RFC 3551 §6). */
function readFormats(audio: MediaDescription): RtpFormat[] {
  const maps = new Map<string, readonly [name: string, clock: number]>([['0', ['pcmu', 8000]]]);
  for (const map of attributes(audio.lines, 'rtpmap')) {
    const [, payloadType, name, clock] = /^(\d{1,3}) ([\w.-]+)\/(\d+)/.exec(map) ?? [];
    if (payloadType && name) maps.set(payloadType, [name.toLowerCase(), Number(clock)]);
  }
  return audio.formats.flatMap((format) => {
    const [name, clock] = maps.get(format) ?? [];
    const payloadType = Number(format);
    return name !== undefined && clock !== undefined && payloadType < 128
      ? [{ payloadType, name, clock }]
      : [];
  });
}

function chooseCodec(formats: readonly RtpFormat[]): Mapped<Codec> | undefined {
  for (const codec of [OPUS, PCMU]) {
    const found = formats.find(({ name, clock }) => name === codec.name && clock === codec.clock);
    if (found) return { payloadType: found.payloadType, format: codec };
  }
  return undefined;
}

/** Firefox offers events at 8000 only, beside Opus at 48000: better those than none. */
function chooseTelephoneEvent(formats: readonly RtpFormat[], clock: number): Mapped<number> | undefined {
  const events = formats.filter(({ name }) => name === 'telephone-event');
  const chosen = events.find((event) => event.clock === clock) ?? events[0];
  return chosen && { payloadType: chosen.payloadType, format: chosen.clock };
}

/**
 * `1 urn:…` or `1/sendonly urn:…` (RFC 8285 §5, §6): ids of 1 to 14, and with two-byte headers to 255; those that are no
 * more than a proposal, from 4096 on, are not taken up.
 */
function readAudioLevel(maps: readonly string[]): number | undefined {
  for (const map of maps) {
    const [, digits, direction = 'sendrecv', uri] = /^(\d{1,4})(?:\/([a-z]+))? (\S+)/.exec(map) ?? [];
    const id = Number(digits);
    if (uri === AUDIO_LEVEL_URI && direction.startsWith('send') && id >= 1 && id <= 255 && id !== 15)
      return id;
  }
  return undefined;
}

/** `sha-256 AB:CD:…`, as often as the peer has certificates and hashes (RFC 8122 §5). */
function readFingerprints(values: readonly string[]): Fingerprint[] {
  const all = values.flatMap((value) => {
    const [, hash, octets] = /^(\S+) ((?:[0-9a-f]{2}:)+[0-9a-f]{2})$/i.exec(value) ?? [];
    return hash && octets ? [{ hash: hash.toLowerCase(), value: octets.toUpperCase() }] : [];
  });
  return strongest(all).sort((a, b) => (a.value < b.value ? -1 : 1));
}

function isBundled(session: readonly string[], mid: string | undefined): boolean {
  const groups = attributes(session, 'group').map((group) => group.split(/\s+/));
  return mid !== undefined && groups.some(([kind, ...mids]) => kind === 'BUNDLE' && mids.includes(mid));
}
