import type { Codec } from '../codec/codec.ts';
import { announceSame, isTrusted } from '../dtls/dtls-certificate.ts';
import type { Fingerprint } from '../dtls/dtls-certificate.ts';
import { UnacceptableAnswer, UnacceptableOffer } from '../endpoint.ts';
import { chooseCodec, chooseTelephoneEvent, firstCodec, readAudioLevel, readFormats } from './rtp-formats.ts';
import type { Mapped, RtpFormat } from './rtp-formats.ts';
import { attribute, attributes, property, readDescription } from './sdp.ts';
import type { Levels, MediaDescription } from './sdp.ts';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** What a peer's offer or answer says of its audio, as far as it matters to this end. */
export interface PeerAudio {
  /** All media sections in their order: an answer and later offers have one for each (RFC 3264 §6, §8). */
  readonly media: readonly MediaDescription[];
  /** The section in use: the first with audio that this end can take part in. */
  readonly audio: MediaDescription;
  /** The section whose transport the audio shares, where that is not its own (RFC 9143 §7): it has to stay, but unused. */
  readonly carrier: MediaDescription | undefined;
  readonly codec: Mapped<Codec>;
  /** Events of the codec's clock if offered, else of any; `format` is their clock (RFC 4733 §2.1). */
  readonly telephoneEvent: Mapped<number> | undefined;
  /** The local id of packets' audio levels, where the peer would send them (RFC 6464 §4). */
  readonly audioLevel: number | undefined;
  /** As the peer sees it. */
  readonly direction: Direction;
  /** Changes with an ICE restart (RFC 8839 §4.4.1.1.1). */
  readonly iceUfrag: string;
  /** The peer's certificate has to have one of them; those of trusted hashes only. */
  readonly fingerprints: readonly Fingerprint[];
  /** Names the DTLS association, where the peer does (RFC 8842 §4). */
  readonly tlsId: string | undefined;
  /** The audio section is in a BUNDLE group (RFC 9143). */
  readonly bundled: boolean;
}

/** RFC 8829 §5.1.2 treats them all alike: the fingerprint tells that DTLS-SRTP is meant. */
const PROTOCOLS = ['UDP/TLS/RTP/SAVPF', 'UDP/TLS/RTP/SAVP', 'TCP/DTLS/RTP/SAVPF', 'RTP/SAVPF', 'RTP/SAVP'];
const DIRECTIONS = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;

/** What is asked of a description beyond what is asked of all of them. */
interface Rule {
  /** `a=setup` that leaves the active role of DTLS, which this end always takes, to it (RFC 5763 §5). */
  readonly setups: readonly string[];
  readonly choose: (formats: readonly RtpFormat[]) => Mapped<Codec> | undefined;
}

const OFFER: Rule = { setups: ['actpass', 'passive'], choose: chooseCodec };
const ANSWER: Rule = { setups: ['passive'], choose: firstCodec };
/** Said to another end than this one: who was active towards it says nothing about this end. */
const ELSEWHERE: Rule = { setups: ['actpass', 'passive', 'active'], choose: chooseCodec };

/** Reads an offer. Throws `UnacceptableOffer`, with a sentence, where this end cannot take part. */
export const readOffer = (sdp: string): PeerAudio => read(sdp, OFFER);

/** Reads the answer to this end's offer. Throws `UnacceptableAnswer`, with a sentence, where nothing is agreed on. */
export function readAnswer(sdp: string): PeerAudio {
  try {
    return read(sdp, ANSWER);
  } catch (error) {
    if (!(error instanceof UnacceptableOffer)) throw error;
    throw new UnacceptableAnswer(`The answer cannot be used: ${error.message}`, { cause: error });
  }
}

/** Reads what a peer said to another end, before this one makes it an offer. Throws `UnacceptableOffer` as `readOffer` does. */
export const readBefore = (sdp: string): PeerAudio => read(sdp, ELSEWHERE);

/** More than any phone has. Sections are searched for each other, and lines for each attribute: the work must not grow with their product. */
const MOST_SECTIONS = 32;
const MOST_LINES = 2_048;

function read(sdp: string, rule: Rule): PeerAudio {
  // Neither may be in a line (RFC 8866 §9), and lines of the peer are repeated in ours.
  if (/\0|\r(?!\n)/.test(sdp)) throw new UnacceptableOffer('A line holds a control character', 399);
  const { session, media } = readDescription(sdp);
  const lines = media.reduce((sum, section) => sum + section.lines.length, session.length);
  if (media.length > MOST_SECTIONS || lines > MOST_LINES)
    throw new UnacceptableOffer('The description has more sections or lines than any phone needs', 399);
  if (media.some(({ formats }) => formats.length === 0))
    throw new UnacceptableOffer('A media line is broken', 306);
  const sections = media.filter(
    (section) => section.kind === 'audio' && isInUse(section) && PROTOCOLS.includes(section.protocol),
  );
  let refusal: UnacceptableOffer | undefined;
  for (const audio of sections) {
    try {
      return readAudio(audio, media, session, rule);
    } catch (error) {
      if (!(error instanceof UnacceptableOffer)) throw error;
      refusal ??= error;
    }
  }
  throw refusal ?? new UnacceptableOffer('No audio over DTLS-SRTP is offered', 304);
}

/** Does the peer keep its keys (RFC 8842 §3.1)? */
export function isSameAssociation(one: PeerAudio, other: PeerAudio): boolean {
  const isRenamed = one.tlsId !== undefined && other.tlsId !== undefined && one.tlsId !== other.tlsId;
  return !isRenamed && announceSame(one.fingerprints, other.fingerprints);
}

/** A port of 0 is a section that is not used (RFC 3264 §8.2), unless it waits to share another's port (RFC 9143 §6). */
function isInUse({ port, lines }: MediaDescription): boolean {
  return port > 0 || property([lines], ['bundle-only']) !== undefined;
}

function readAudio(
  audio: MediaDescription,
  media: readonly MediaDescription[],
  session: readonly string[],
  { setups, choose }: Rule,
): PeerAudio {
  const own: Levels = [audio.lines, session];
  const bundle = bundleOf(audio, media, session);
  const carrier = carrierOf(audio, bundle, session);
  const transport: Levels = carrier ? [audio.lines, carrier.lines, session] : own;

  const fingerprints = readFingerprints(attributes(transport, 'fingerprint'));
  if (fingerprints.length === 0)
    throw new UnacceptableOffer('No certificate fingerprint of a trusted hash is offered', 399);
  const iceUfrag = attribute(transport, 'ice-ufrag');
  if (iceUfrag === undefined) throw new UnacceptableOffer('No ICE credentials are offered', 399);
  // This end is lite itself: one of the two has to search for a path (RFC 8445 §2.5).
  if (property([session], ['ice-lite']))
    throw new UnacceptableOffer('ICE-lite is offered, which this end is itself', 399);
  if (!property(transport, ['rtcp-mux', 'rtcp-mux-only']))
    throw new UnacceptableOffer('RTP and RTCP on one port (RFC 5761) are not offered', 399);
  if (!setups.includes(attribute(transport, 'setup') ?? setups[0] ?? ''))
    throw new UnacceptableOffer('The DTLS client role is not left to the server', 399);
  const formats = readFormats(audio);
  const codec = choose(formats);
  if (!codec) throw new UnacceptableOffer('Neither Opus nor PCMU is offered', 305);

  return {
    media,
    audio,
    carrier,
    codec,
    telephoneEvent: chooseTelephoneEvent(formats, codec.format.clock),
    audioLevel: readAudioLevel(attributes(own, 'extmap')),
    direction: property(own, DIRECTIONS) ?? 'sendrecv',
    iceUfrag,
    fingerprints,
    tlsId: attribute(transport, 'tls-id'),
    bundled: bundle.length > 0,
  };
}

/** The sections of the BUNDLE group that a section is in, in the group's order; none where it is in no group. */
function bundleOf(
  section: MediaDescription,
  media: readonly MediaDescription[],
  session: readonly string[],
): MediaDescription[] {
  const mid = attribute([section.lines], 'mid');
  const groups = attributes([session], 'group').map((group) => group.split(/\s+/));
  const [, ...mids] =
    groups.find(([kind, ...mids]) => kind === 'BUNDLE' && mid !== undefined && mids.includes(mid)) ?? [];
  // In reverse, so that of several sections with one mid the first counts.
  const byMid = new Map([...media].reverse().map((each) => [attribute([each.lines], 'mid'), each]));
  return [...new Set(mids)].flatMap((mid) => byMid.get(mid) ?? []);
}

/**
 * The section whose transport the audio shares: the first of its group that is in use (RFC 9143 §7.3.2), where the audio has no port,
 * or no ICE credentials other than that one's: Chromium gives it port 9 and repeats the credentials. Rejecting that section would take the transport away.
 * Throws where the audio has no port and there is no such section.
 */
function carrierOf(
  audio: MediaDescription,
  bundle: readonly MediaDescription[],
  session: readonly string[],
): MediaDescription | undefined {
  const ufragOf = ({ lines }: MediaDescription): string | undefined =>
    attribute([lines, session], 'ice-ufrag');
  const first = bundle.find(({ port }) => port > 0);
  const isRtp = first !== undefined && PROTOCOLS.includes(first.protocol);
  if (audio.port === 0) {
    if (!first) throw new UnacceptableOffer('The audio is bundled with nothing that is in use', 304);
    if (!isRtp) throw new UnacceptableOffer(`The audio is offered only together with ${first.kind}`, 304);
    return first;
  }
  if (!isRtp || first === audio) return undefined;
  return [undefined, ufragOf(first)].includes(ufragOf(audio)) ? first : undefined;
}

/** `sha-256 AB:CD:…`, as often as the peer has certificates and hashes (RFC 8122 §5). */
function readFingerprints(values: readonly string[]): Fingerprint[] {
  return values.flatMap((value) => {
    const [, hash, octets] = /^(\S+) ((?:[0-9a-f]{2}:)+[0-9a-f]{2})$/i.exec(value) ?? [];
    const fingerprint = { hash: hash?.toLowerCase() ?? '', value: octets?.toUpperCase() ?? '' };
    return isTrusted(fingerprint) ? [fingerprint] : [];
  });
}
