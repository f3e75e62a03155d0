import assert from 'node:assert/strict';
import { UnacceptableAnswer, UnacceptableOffer } from '../../src/media/endpoint.ts';
import { type LocalDescription, writeAnswer, writeOffer } from '../../src/media/sdp/local-description.ts';
import { type PeerAudio, readAnswer, readBefore, readOffer } from '../../src/media/sdp/peer-audio.ts';
import { readDescription } from '../../src/media/sdp/sdp.ts';
import type { Target } from '../target.ts';

const FINGERPRINT = Array.from({ length: 32 }, (_, octet) => (octet + 160).toString(16).toUpperCase()).join(
  ':',
);

const LOCAL: LocalDescription = {
  sessionId: 1,
  version: 2,
  ice: { ufrag: 'ours', password: 'ours-is-a-password-too' },
  fingerprint: { hash: 'sha-256', value: FINGERPRINT },
  ssrc: 3,
  port: 40_000,
  addresses: ['192.0.2.1', '2001:db8::1'],
};

function read(reader: (sdp: string) => PeerAudio, sdp: string): PeerAudio | undefined {
  try {
    return reader(sdp);
  } catch (error) {
    if (error instanceof UnacceptableOffer || error instanceof UnacceptableAnswer) return undefined;
    throw error;
  }
}

/** Sections in their number and order (RFC 3264 §6), and no line of the peer's making. */
function assertAnswers(sdp: string, said: PeerAudio): void {
  assert.ok(
    !/[\r\n\0]/.test(sdp.replaceAll('\r\n', '')),
    'a line of ours with a control character of the peer',
  );
  const { media } = readDescription(sdp);
  assert.deepEqual(
    media.map(({ kind }) => kind),
    said.media.map(({ kind }) => kind),
    'other sections than those that were offered',
  );
}

const sdp = (...lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\r\n`).join(''));
const SESSION = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0'];
const TRANSPORT = [
  'a=ice-ufrag:abcd',
  'a=ice-pwd:0123456789012345678901',
  `a=fingerprint:sha-256 ${FINGERPRINT}`,
];

export const target: Target = {
  seeds: [
    sdp(
      ...SESSION,
      'a=group:BUNDLE 0 1',
      'm=audio 9 UDP/TLS/RTP/SAVPF 111 0 110',
      'c=IN IP4 0.0.0.0',
      'a=mid:0',
      'a=rtcp-mux',
      'a=setup:actpass',
      'a=sendrecv',
      ...TRANSPORT,
      'a=rtpmap:111 opus/48000/2',
      'a=fmtp:111 minptime=10;useinbandfec=1',
      'a=rtpmap:110 telephone-event/48000',
      'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
      'm=video 0 UDP/TLS/RTP/SAVPF 96',
      'a=mid:1',
      'a=bundle-only',
    ),
    sdp(
      ...SESSION,
      ...TRANSPORT,
      'a=setup:passive',
      'a=tls-id:1',
      'm=audio 4000 RTP/SAVPF 0 101',
      'a=rtcp-mux',
      'a=sendonly',
      'a=rtpmap:101 telephone-event/8000',
    ),
    sdp(
      ...SESSION,
      'a=group:BUNDLE v a',
      'm=video 9 UDP/TLS/RTP/SAVPF 96',
      'a=mid:v',
      'a=setup:actpass',
      ...TRANSPORT,
      'a=rtcp-mux',
      'm=audio 0 UDP/TLS/RTP/SAVPF 0',
      'a=mid:a',
      'a=bundle-only',
      'a=rtcp-mux',
    ),
  ],
  dictionary: [
    ...['\r', '\n', '\r\n', '\0', ' ', '\t', '\u00a0', ':', '=', '/', ';', '__proto__', 'constructor'],
    ...[
      'm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n',
      'm=',
      'a=mid:',
      'a=group:BUNDLE ',
      'a=bundle-only',
      'a=rtcp-mux',
    ],
    ...['a=setup:active', 'a=inactive', 'a=recvonly', 'a=fingerprint:sha-512 ', 'a=fingerprint:md5 AA:BB'],
    ...[
      'a=rtpmap:',
      'a=fmtp:',
      'a=extmap:',
      'a=rtpmap:0 PCMU/8000',
      'opus/48000/2',
      'telephone-event/',
      'a=tls-id:',
    ],
  ],
  parse(input) {
    const text = input.toString('latin1');
    const [offer, answer, before] = [readOffer, readAnswer, readBefore].map((reader) => read(reader, text));
    if (offer !== undefined) assertAnswers(writeAnswer(offer, LOCAL), offer);
    if (before !== undefined) assertAnswers(writeOffer(before, LOCAL), before);
    return {
      description: readDescription(text),
      isRead: [offer, answer, before].map((each) => each !== undefined),
    };
  },
};
