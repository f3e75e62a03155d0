/** A section's attribute overrides the session's, one attribute at a time (RFC 8866 §5.13). */
import { describe, expect, test } from 'vitest';
import { UnacceptableOffer } from '../endpoint.ts';
import { readOffer } from './peer-audio.ts';
import type { PeerAudio } from './peer-audio.ts';

const sha256 = (octet: string): string => `sha-256 ${Array<string>(32).fill(octet).join(':')}`;
const sha512 = (octet: string): string => `sha-512 ${Array<string>(64).fill(octet).join(':')}`;

/** What an offer needs, each at the session's level unless the test says something of that attribute itself. */
const NEEDED = [
  ['rtcp-mux', 'a=rtcp-mux'],
  ['setup', 'a=setup:actpass'],
  ['ice-ufrag', 'a=ice-ufrag:base'],
  ['ice-pwd', 'a=ice-pwd:basebasebasebasebasebase'],
  ['fingerprint', `a=fingerprint:${sha256('01')}`],
] as const;

function offerOf(session: readonly string[], media: readonly string[], without: readonly string[]): string {
  const needed = NEEDED.flatMap(([name, line]) => (without.includes(name) ? [] : [line]));
  const lines = [
    ...['v=0', 'o=- 1 1 IN IP4 192.0.2.7', 's=-', 't=0 0', ...needed, ...session],
    'm=audio 5000 UDP/TLS/RTP/SAVPF 0',
    ...media,
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

/** Reads the value that takes effect, or the sentence of the refusal. */
type Reading = (offer: PeerAudio) => unknown;
const direction: Reading = (offer) => offer.direction;
const values: Reading = ({ fingerprints }) => fingerprints.map(({ value }) => value.slice(0, 2));

test.for<
  [
    name: string,
    reading: Reading,
    here: string,
    readHere: unknown,
    there: string,
    readThere: unknown,
    neither: unknown,
  ]
>([
  ['sendonly and sendrecv', direction, 'a=sendonly', 'sendonly', 'a=sendrecv', 'sendrecv', 'sendrecv'],
  ['inactive and sendrecv', direction, 'a=inactive', 'inactive', 'a=sendrecv', 'sendrecv', 'sendrecv'],
  ['recvonly and inactive', direction, 'a=recvonly', 'recvonly', 'a=inactive', 'inactive', 'sendrecv'],
  ['sendrecv and sendonly', direction, 'a=sendrecv', 'sendrecv', 'a=sendonly', 'sendonly', 'sendrecv'],
  [
    'fingerprint',
    values,
    `a=fingerprint:${sha256('AA')}`,
    ['AA'],
    `a=fingerprint:${sha256('BB')}`,
    ['BB'],
    /fingerprint/,
  ],
  [
    'fingerprint, the weaker hash nearer',
    values,
    `a=fingerprint:${sha256('AA')}`,
    ['AA'],
    `a=fingerprint:${sha512('BB')}`,
    ['BB'],
    /fingerprint/,
  ],
  [
    'ice-ufrag',
    ({ iceUfrag }) => iceUfrag,
    'a=ice-ufrag:near',
    'near',
    'a=ice-ufrag:far',
    'far',
    /ICE credentials/,
  ],
  ['setup', () => 'taken', 'a=setup:passive', 'taken', 'a=setup:active', /DTLS client/, 'taken'],
  [
    'setup, the other way',
    () => 'taken',
    'a=setup:active',
    /DTLS client/,
    'a=setup:actpass',
    'taken',
    'taken',
  ],
  ['tls-id', ({ tlsId }) => tlsId, 'a=tls-id:near', 'near', 'a=tls-id:far', 'far', undefined],
  ['rtcp-mux', () => 'taken', 'a=rtcp-mux', 'taken', 'a=rtcp-mux-only', 'taken', /one port/],
  [
    'extmap',
    ({ audioLevel }) => audioLevel,
    'a=extmap:3 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
    3,
    'a=extmap:4 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
    4,
    undefined,
  ],
  [
    'extmap that the section gives to something else',
    ({ audioLevel }) => audioLevel,
    'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
    undefined,
    'a=extmap:4 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
    4,
    undefined,
  ],
])('%s', ([, reading, here, readHere, there, readThere, neither]) => {
  const without = /^a=([\w-]+?)(-only)?(:|$)/.exec(here)?.[1] ?? '';
  const read = (session: readonly string[], media: readonly string[]): unknown => {
    const offer = offerOf(session, media, [without]);
    return reading(readOffer(offer));
  };
  const expectReading = (session: readonly string[], media: readonly string[], expected: unknown): void => {
    if (expected instanceof RegExp) expect(() => read(session, media)).toThrow(expected);
    else expect(read(session, media)).toEqual(expected);
  };
  expectReading([], [here], readHere);
  expectReading([there], [], readThere);
  expectReading([here], [here], readHere);
  expectReading([there], [here], readHere);
  expectReading([], [], neither);
});

describe('an attribute', () => {
  test('may end in blanks', () => {
    expect(readOffer(offerOf([], ['a=sendonly '], [])).direction).toBe('sendonly');
  });

  test('of another section does not apply to the audio', () => {
    const offer = `${offerOf([], [], [])}m=video 0 UDP/TLS/RTP/SAVPF 96\r\na=inactive\r\n`;
    expect(readOffer(offer).direction).toBe('sendrecv');
  });
});

describe('a description is refused', () => {
  const refused = (sdp: string): string => {
    try {
      readOffer(sdp);
    } catch (error) {
      if (error instanceof UnacceptableOffer) return error.message;
      throw error;
    }
    return 'not refused';
  };

  test.for([
    ['a line end that is half of one', 'a=mid:0\ra=inactive'],
    ['a NUL', 'a=mid:\0'],
  ])('that has %s in a line, as its lines are repeated in the answer', ([, line = '']) => {
    expect(refused(offerOf([], [line], []))).toMatch('control character');
  });

  test('whose sections and lines would take more work the more there are of both', () => {
    const rejected = 'm=video 0 UDP/TLS/RTP/SAVPF 96\r\n';
    const offer = offerOf([], [], []);
    expect(refused(offer + rejected.repeat(31))).toBe('not refused');
    expect(refused(offer + rejected.repeat(32))).toMatch('more sections or lines');
    expect(refused(offer + 'a=x\r\n'.repeat(2_100))).toMatch('more sections or lines');
  });
});
