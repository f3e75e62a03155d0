import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UnacceptableAnswer, UnacceptableOffer } from '../endpoint.ts';
import { writeAnswer, writeOffer } from './local-description.ts';
import type { LocalDescription } from './local-description.ts';
import { readAnswer, readBefore, readOffer } from './peer-audio.ts';
import { readDescription } from './sdp.ts';

const lines = (...parts: readonly string[]): string => parts.map((line) => `${line}\r\n`).join('');
const FINGERPRINT = Array.from({ length: 32 }, (_, i) => i.toString(16).padStart(2, '0').toUpperCase()).join(
  ':',
);

/** As Chromium offers it. */
const chromium = lines(
  'v=0',
  'o=- 8519184562453718263 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'a=extmap-allow-mixed',
  'a=msid-semantic: WMS 5d2f9b5c',
  'm=audio 51542 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126',
  'c=IN IP4 192.0.2.7',
  'a=rtcp:9 IN IP4 0.0.0.0',
  'a=candidate:1 1 udp 2122260223 192.0.2.7 51542 typ host generation 0 network-id 1',
  'a=ice-ufrag:Wx9p',
  'a=ice-pwd:b4mxWj1rTFkYgQv8Zw2cSu7L',
  'a=ice-options:trickle',
  `a=fingerprint:sha-256 ${FINGERPRINT}`,
  'a=setup:actpass',
  'a=mid:0',
  'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'a=sendrecv',
  'a=msid:5d2f9b5c 7a90cb36',
  'a=rtcp-mux',
  'a=rtcp-rsize',
  'a=rtpmap:111 opus/48000/2',
  'a=rtcp-fb:111 transport-cc',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'a=rtpmap:63 red/48000/2',
  'a=fmtp:63 111/111',
  'a=rtpmap:9 G722/8000',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:13 CN/8000',
  'a=rtpmap:110 telephone-event/48000',
  'a=rtpmap:126 telephone-event/8000',
  'a=ssrc:1234567 cname:kqPzYvbH',
  'a=ssrc:1234567 msid:5d2f9b5c 7a90cb36',
);

/** As Firefox offers it: credentials in the session, events at 8000 only. */
const firefox = lines(
  'v=0',
  'o=mozilla...THIS_IS_SDPARTA-99.0 4182394710293847561 0 IN IP4 0.0.0.0',
  's=-',
  't=0 0',
  `a=fingerprint:sha-256 ${FINGERPRINT.toLowerCase()}`,
  'a=group:BUNDLE 0',
  'a=ice-options:trickle',
  'a=ice-ufrag:52c1e8a0',
  'a=ice-pwd:9fb4c7c6d1b6f7e0a1d4b8c2e3f5a697',
  'a=msid-semantic:WMS *',
  'm=audio 49170 UDP/TLS/RTP/SAVPF 109 9 0 8 101',
  'c=IN IP4 192.0.2.7',
  'a=sendrecv',
  'a=end-of-candidates',
  'a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1',
  'a=fmtp:101 0-15',
  'a=mid:0',
  'a=rtcp-mux',
  'a=rtpmap:109 opus/48000/2',
  'a=rtpmap:9 G722/8000/1',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:101 telephone-event/8000/1',
  'a=setup:actpass',
);

/** Chromium with a camera, where the audio is not first and one section is no longer used. */
const withVideo = chromium
  .replace('BUNDLE 0', 'BUNDLE v 0 x')
  .replace(
    'm=audio',
    lines(
      'm=video 9 UDP/TLS/RTP/SAVPF 96 97',
      'a=mid:v',
      'a=rtpmap:96 VP8/90000',
      'm=audio 0 UDP/TLS/RTP/SAVPF 0',
    ) + 'm=audio',
  )
  .concat(lines('m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'a=mid:x'));

const local: LocalDescription = {
  sessionId: 4711,
  version: 3,
  ice: { ufrag: 'ours', password: 'ourpassword' },
  fingerprint: { hash: 'sha-256', value: 'AA:BB' },
  ssrc: 99,
  port: 7000,
  addresses: ['192.0.2.1', '2001:db8::1'],
};

const answerTo = (offer: string): string => writeAnswer(readOffer(offer), local);
const change = (offer: string, from: string | RegExp, to: string): string => {
  const changed = offer.replace(from, to);
  if (changed === offer) throw new Error(`the offer has no ${from}`);
  return changed;
};

describe('the answer', () => {
  test('to Chromium, whole', () => {
    expect(answerTo(chromium)).toBe(
      lines(
        'v=0',
        'o=- 4711 3 IN IP4 192.0.2.1',
        's=-',
        't=0 0',
        'a=ice-lite',
        'a=group:BUNDLE 0',
        'a=msid-semantic:WMS *',
        'm=audio 7000 UDP/TLS/RTP/SAVPF 111 110',
        'c=IN IP4 192.0.2.1',
        'a=mid:0',
        'a=rtcp-mux',
        'a=sendrecv',
        'a=setup:active',
        'a=fingerprint:sha-256 AA:BB',
        'a=ice-ufrag:ours',
        'a=ice-pwd:ourpassword',
        'a=rtpmap:111 opus/48000/2',
        'a=fmtp:111 minptime=10;useinbandfec=1',
        'a=rtpmap:110 telephone-event/48000',
        'a=fmtp:110 0-15',
        'a=ptime:20',
        'a=extmap:1/recvonly urn:ietf:params:rtp-hdrext:ssrc-audio-level',
        'a=msid:perch perch-audio',
        'a=ssrc:99 cname:perch',
        'a=candidate:1 1 udp 2130706431 192.0.2.1 7000 typ host',
        'a=candidate:2 1 udp 2130706175 2001:db8::1 7000 typ host',
      ),
    );
  });

  test('to Firefox takes its events at 8000 beside Opus at 48000', () => {
    expect(answerTo(firefox)).toContain(
      lines('a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-15', 'a=ptime:20'),
    );
    expect(answerTo(firefox)).toContain('m=audio 7000 UDP/TLS/RTP/SAVPF 109 101\r\n');
  });

  test('has a section for each one offered, rejects all but the audio, and bundles only that', () => {
    const { session, media } = readDescription(answerTo(withVideo));
    expect(session).toContain('a=group:BUNDLE 0');
    expect(media.map(({ kind, port, formats }) => [kind, port, formats.join(' ')])).toEqual([
      ['video', 0, '96 97'],
      ['audio', 0, '0'],
      ['audio', 7000, '111 110'],
      ['application', 0, 'webrtc-datachannel'],
    ]);
    expect(media[0]?.lines).toEqual(['c=IN IP4 0.0.0.0', 'a=mid:v', 'a=inactive']);
  });

  test('without BUNDLE in the offer has none, and without a mid has none', () => {
    const answer = answerTo(change(change(chromium, 'a=group:BUNDLE 0\r\n', ''), 'a=mid:0\r\n', ''));
    expect(answer).not.toMatch(/BUNDLE|a=mid/);
  });

  test.for([
    ['sendrecv', 'sendrecv', true],
    ['sendonly', 'recvonly', false],
    ['recvonly', 'sendonly', true],
    ['inactive', 'inactive', false],
  ] as const)('to %s is %s, with a port in any case', ([offered, answered, sends]) => {
    const answer = answerTo(chromium.replace('a=sendrecv', `a=${offered}`));
    expect(answer).toContain(`a=${answered}\r\n`);
    expect(answer).toContain('m=audio 7000 ');
    expect(answer.includes('a=msid:')).toBe(sends);
  });

  test('to an offer that says no direction is sendrecv (RFC 8866 §6.7)', () => {
    expect(answerTo(change(chromium, 'a=sendrecv\r\n', ''))).toContain('a=sendrecv\r\n');
  });

  test('does not need the offer to name its sources', () => {
    expect(answerTo(chromium.replaceAll(/a=(ssrc|msid):.*\r\n/g, ''))).toBe(answerTo(chromium));
  });
});

describe('the codec', () => {
  test('is Opus wherever it is offered, even behind others', () => {
    expect(readOffer(change(chromium, '111 63 9 0', '9 0 63 111')).codec).toMatchObject({ payloadType: 111 });
  });

  test('is PCMU without Opus, with its events at 8000', () => {
    const offer = readOffer(change(chromium, 'SAVPF 111 63 9 0', 'SAVPF 9 0'));
    expect(offer.codec).toMatchObject({ payloadType: 0, format: { name: 'pcmu' } });
    expect(offer.telephoneEvent).toEqual({ payloadType: 126, format: 8000 });
  });

  test('is PCMU by its static payload type, without an rtpmap (RFC 3551 §6)', () => {
    const offer = change(change(chromium, 'SAVPF 111 63 9 0', 'SAVPF 0'), 'a=rtpmap:0 PCMU/8000\r\n', '');
    expect(readOffer(offer).codec).toMatchObject({ payloadType: 0, format: { name: 'pcmu' } });
  });

  test('has no events where none are offered', () => {
    const offer = change(chromium, '13 110 126', '13');
    expect(readOffer(offer).telephoneEvent).toBeUndefined();
    expect(answerTo(offer)).not.toContain('telephone-event');
  });
});

describe('audio levels (RFC 6464)', () => {
  const offered = 'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level';
  test.for([
    ['under any id', 'a=extmap:14 urn:ietf:params:rtp-hdrext:ssrc-audio-level', 14],
    ['with voice activity', `${offered} vad=on`, 1],
    ['from the peer only', 'a=extmap:2/sendonly urn:ietf:params:rtp-hdrext:ssrc-audio-level', 2],
    ['towards the peer only', 'a=extmap:1/recvonly urn:ietf:params:rtp-hdrext:ssrc-audio-level', undefined],
    ['not at all', 'a=extmap:1/inactive urn:ietf:params:rtp-hdrext:ssrc-audio-level', undefined],
    ['of mixers', 'a=extmap:1 urn:ietf:params:rtp-hdrext:csrc-audio-level', undefined],
    ['under an invalid id', 'a=extmap:0 urn:ietf:params:rtp-hdrext:ssrc-audio-level', undefined],
    ['under the reserved id', 'a=extmap:15 urn:ietf:params:rtp-hdrext:ssrc-audio-level', undefined],
    ['as a proposal', 'a=extmap:4096 urn:ietf:params:rtp-hdrext:ssrc-audio-level', undefined],
  ] as const)('%s', ([, line, id]) => {
    const offer = change(chromium, offered, line);
    expect(readOffer(offer).audioLevel).toBe(id);
    expect(/a=extmap:(\d+)\/recvonly/.exec(answerTo(offer))?.[1]).toBe(id?.toString());
  });

  test('that the session offers for all its sections', () => {
    const offer = change(change(chromium, `${offered}\r\n`, ''), 't=0 0\r\n', `t=0 0\r\n${offered}\r\n`);
    expect(readOffer(offer).audioLevel).toBe(1);
  });
});

describe('fingerprints', () => {
  test('are those of every trusted hash, in upper case', () => {
    const more = lines(
      'a=setup:actpass',
      'a=fingerprint:sha-1 00:11',
      'a=fingerprint:sha-512 bb:cc',
      'a=fingerprint:sha-512 aa:dd',
    );
    expect(readOffer(change(chromium, 'a=setup:actpass\r\n', more)).fingerprints).toEqual([
      { hash: 'sha-256', value: FINGERPRINT },
      { hash: 'sha-512', value: 'BB:CC' },
      { hash: 'sha-512', value: 'AA:DD' },
    ]);
  });
});

describe('an offer is refused with a sentence', () => {
  test.for([
    ['of video only', change(chromium, 'm=audio', 'm=video')],
    ['whose audio is rejected already', change(chromium, 'm=audio 51542', 'm=audio 0')],
    ['without encryption', change(chromium, 'UDP/TLS/RTP/SAVPF', 'RTP/AVP')],
    ['of other codecs', change(chromium, 'SAVPF 111 63 9 0 8', 'SAVPF 9 8')],
    ['without a fingerprint', change(chromium, /a=fingerprint.*\r\n/, '')],
    ['with a fingerprint of a broken hash only', change(chromium, 'sha-256', 'sha-1')],
    ['without ICE', change(chromium, /a=ice-ufrag.*\r\n/, '')],
    ['of ICE-lite, as this end is lite itself', change(chromium, 's=-\r\n', 's=-\r\na=ice-lite\r\n')],
    ['without one port for RTP and RTCP', change(chromium, 'a=rtcp-mux\r\n', '')],
    ['that wants to be the DTLS client itself', change(chromium, 'a=setup:actpass', 'a=setup:active')],
    ['with a broken media line', chromium.concat('m=video 9\r\n')],
    ['that is empty', ''],
  ] as const)('%s', ([, offer]) => {
    expect(() => readOffer(offer)).toThrow(UnacceptableOffer);
  });

  test('or answered, whatever it contains', () => {
    const offered = chromium.split('\r\n');
    const mutated = fc
      .array(fc.tuple(fc.nat(offered.length - 1), fc.nat(40), fc.string({ maxLength: 12 })), { maxLength: 6 })
      .map((edits) =>
        edits
          .reduce(
            (all, [line, at, text]) =>
              all.with(line, `${all[line]?.slice(0, at)}${text}${all[line]?.slice(at + 3)}`),
            offered,
          )
          .join('\r\n'),
      );
    fc.assert(
      fc.property(fc.oneof(mutated, fc.string()), (offer) => {
        try {
          expect(answerTo(offer)).toContain('a=setup:active');
        } catch (error) {
          expect(error).toBeInstanceOf(UnacceptableOffer);
        }
      }),
    );
  });
});

describe('an offer of this end', () => {
  test('has both codecs, events of both clocks, and the active role', () => {
    const { session, media } = readDescription(writeOffer(undefined, local));
    expect(session).toEqual(expect.arrayContaining(['a=ice-lite', 'a=group:BUNDLE 0']));
    expect(media).toHaveLength(1);
    expect(media[0]).toMatchObject({ kind: 'audio', port: local.port, formats: ['111', '0', '110', '101'] });
    expect(media[0]?.lines).toEqual(
      expect.arrayContaining([
        'a=mid:0',
        'a=setup:active',
        'a=sendrecv',
        'a=rtpmap:111 opus/48000/2',
        'a=rtpmap:0 PCMU/8000',
        'a=rtpmap:110 telephone-event/48000',
        'a=rtpmap:101 telephone-event/8000',
        'a=extmap:1/recvonly urn:ietf:params:rtp-hdrext:ssrc-audio-level',
      ]),
    );
  });

  test('keeps what the peer said before: sections, mids, payload types', () => {
    const before = chromium
      .replace('a=setup:actpass', 'a=setup:active')
      .replace('a=group:BUNDLE 0', 'a=group:BUNDLE 0 1')
      .concat(lines('m=video 9 UDP/TLS/RTP/SAVPF 96', 'c=IN IP4 0.0.0.0', 'a=mid:1', 'a=sendrecv'));
    const { session, media } = readDescription(writeOffer(readBefore(before), local));
    expect(session).toContain('a=group:BUNDLE 0');
    expect(media.map(({ kind, port, formats }) => [kind, port, formats])).toEqual([
      ['audio', local.port, ['111', '110']],
      ['video', 0, ['96']],
    ]);
    expect(media[1]?.lines).toContain('a=mid:1');
  });
});

describe('an answer to it', () => {
  const answer = chromium.replace('a=setup:actpass', 'a=setup:passive');

  test.for([
    ['Opus first', '111 0 110', 'opus'],
    ['PCMU first', '0 111 110', 'pcmu'],
    ['PCMU alone', '0', 'pcmu'],
  ] as const)('with %s agrees on that', ([, formats, codec]) => {
    const accepted = answer.replace('111 63 9 0 8 13 110 126', formats);
    expect(readAnswer(accepted).codec.format.name).toBe(codec);
  });

  test.for([
    ['takes the active role too', answer.replace('a=setup:passive', 'a=setup:active'), /client role/],
    ['has no codec of ours', answer.replace('111 63 9 0 8 13 110 126', '9 8'), /Neither Opus nor PCMU/],
    ['rejects the audio', answer.replace('m=audio 51542', 'm=audio 0'), /No audio/],
    ['is no description', '<html>', /No audio/],
  ] as const)('cannot be used where it %s', ([, bad, why]) => {
    expect(() => readAnswer(bad)).toThrow(UnacceptableAnswer);
    expect(() => readAnswer(bad)).toThrow(why);
  });
});
