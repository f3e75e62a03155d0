/** Audio that shares the transport of another section (RFC 9143). */
import { describe, expect, test } from 'vitest';
import { UnacceptableOffer } from '../endpoint.ts';
import { writeAnswer } from './local-description.ts';
import type { LocalDescription } from './local-description.ts';
import { readOffer } from './peer-audio.ts';
import { readDescription } from './sdp.ts';

const local: LocalDescription = {
  sessionId: 1,
  version: 1,
  ice: { ufrag: 'ours', password: 'ourpassword' },
  fingerprint: { hash: 'sha-256', value: 'AA:BB' },
  ssrc: 99,
  port: 7000,
  addresses: ['192.0.2.1'],
};

const fingerprint = Array<string>(32).fill('01').join(':');
const transport = (ufrag: string): string[] => [
  `a=ice-ufrag:${ufrag}`,
  'a=ice-pwd:passwordpasswordpassword',
  `a=fingerprint:sha-256 ${fingerprint}`,
  'a=setup:actpass',
];
const OPUS = ['a=rtpmap:111 opus/48000/2', 'a=rtcp-mux'];

interface Offered {
  readonly group?: string;
  readonly session?: readonly string[];
  /** The sections: `m=` without its `m=`, then their lines. */
  readonly sections: readonly (readonly string[])[];
}

function offer({ group = 'BUNDLE v a', session = [], sections }: Offered): string {
  const lines = [
    ...[
      'v=0',
      'o=- 1 1 IN IP4 192.0.2.7',
      's=-',
      't=0 0',
      ...(group ? [`a=group:${group}`] : []),
      ...session,
    ],
    ...sections.flatMap(([media = '', ...rest]) => [`m=${media}`, ...rest]),
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

const video = (ufrag: string, port = 9): string[] => [
  `video ${port} UDP/TLS/RTP/SAVPF 96 97`,
  'a=mid:v',
  'a=rtcp-mux',
  'a=rtpmap:96 VP8/90000',
  'a=rtcp-fb:96 nack',
  'a=rtpmap:97 rtx/90000',
  'a=fmtp:97 apt=96',
  ...transport(ufrag),
];
const data = (port: number): string[] => [
  `application ${port} UDP/DTLS/SCTP webrtc-datachannel`,
  'a=mid:v',
  ...transport('one'),
];
const audio = (port: number, ...lines: readonly string[]): string[] => [
  `audio ${port} UDP/TLS/RTP/SAVPF 111`,
  'a=mid:a',
  ...OPUS,
  ...lines,
];
const bundleOnly = audio(0, 'a=bundle-only');

const answerTo = (offered: Offered): ReturnType<typeof readDescription> =>
  readDescription(writeAnswer(readOffer(offer(offered)), local));
/** Kind and port of each section of the answer, and its group. */
function told(offered: Offered): string[] {
  const { session, media } = answerTo(offered);
  return [
    ...session.filter((line) => line.startsWith('a=group')),
    ...media.map(({ kind, port }) => `${kind} ${port}`),
  ];
}

describe('shares', () => {
  test('the transport of the video before it, which stays for that alone', () => {
    const { session, media } = answerTo({ sections: [video('one'), bundleOnly] });
    expect(session).toContain('a=group:BUNDLE v a');
    expect(media[0]).toEqual({
      kind: 'video',
      port: 7000,
      protocol: 'UDP/TLS/RTP/SAVPF',
      formats: ['96', '97'],
      lines: [
        'c=IN IP4 192.0.2.1',
        'a=mid:v',
        'a=rtcp-mux',
        'a=inactive',
        'a=setup:active',
        'a=fingerprint:sha-256 AA:BB',
        'a=ice-ufrag:ours',
        'a=ice-pwd:ourpassword',
        'a=rtpmap:96 VP8/90000',
        'a=rtpmap:97 rtx/90000',
        'a=fmtp:97 apt=96',
        'a=candidate:1 1 udp 2130706431 192.0.2.1 7000 typ host',
      ],
    });
    expect(media[1]).toMatchObject({ kind: 'audio', port: 7000, formats: ['111'] });
    expect(media[1]?.lines).toEqual(expect.arrayContaining(['a=mid:a', 'a=rtcp-mux', 'a=sendrecv']));
    expect(media[1]?.lines.filter((line) => /ice-|fingerprint|setup|candidate/.test(line))).toEqual([]);
  });

  test.for<[string, Offered, string[]]>([
    [
      'where the audio has a port and the same credentials, as Chromium offers it',
      { sections: [video('one'), audio(9, ...transport('one'))] },
      ['a=group:BUNDLE v a', 'video 7000', 'audio 7000'],
    ],
    [
      'where the audio has a port and no credentials, as in later offers',
      { sections: [video('one'), audio(9)] },
      ['a=group:BUNDLE v a', 'video 7000', 'audio 7000'],
    ],
    [
      'where the session has the credentials of all',
      { session: transport('one'), sections: [['video 9 UDP/TLS/RTP/SAVPF 96', 'a=mid:v'], bundleOnly] },
      ['a=group:BUNDLE v a', 'video 7000', 'audio 7000'],
    ],
    [
      'with the first of the group, wherever that is listed',
      { sections: [bundleOnly, video('one')] },
      ['a=group:BUNDLE v a', 'audio 7000', 'video 7000'],
    ],
    [
      'with the next of the group, where the first is not used any more',
      {
        group: 'BUNDLE x v a',
        sections: [['video 0 UDP/TLS/RTP/SAVPF 96', 'a=mid:x'], video('one'), bundleOnly],
      },
      ['a=group:BUNDLE v a', 'video 0', 'video 7000', 'audio 7000'],
    ],
  ])('%s', ([, offered, expected]) => {
    expect(told(offered)).toEqual(expected);
  });

  test('its certificate and its credentials', () => {
    const { iceUfrag, fingerprints } = readOffer(offer({ sections: [video('one'), bundleOnly] }));
    expect(iceUfrag).toBe('one');
    expect(fingerprints).toEqual([{ hash: 'sha-256', value: fingerprint }]);
  });

  test('but neither its direction nor its header extensions', () => {
    const lines = ['a=inactive', 'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level'];
    const { direction, audioLevel } = readOffer(
      offer({ sections: [[...video('one'), ...lines], bundleOnly] }),
    );
    expect(direction).toBe('sendrecv');
    expect(audioLevel).toBeUndefined();
  });
});

describe('shares nothing', () => {
  test.for<[string, Offered, string[]]>([
    [
      'where it has credentials of its own: the video is rejected',
      { sections: [video('one'), audio(9, ...transport('two'))] },
      ['a=group:BUNDLE a', 'video 0', 'audio 7000'],
    ],
    [
      'where it is the first of the group',
      { group: 'BUNDLE a v', sections: [video('one'), audio(9, ...transport('one'))] },
      ['a=group:BUNDLE a', 'video 0', 'audio 7000'],
    ],
    [
      'where there is no group',
      { group: '', sections: [video('one'), audio(9, ...transport('one'))] },
      ['video 0', 'audio 7000'],
    ],
    [
      'with a data channel',
      { sections: [data(9), audio(9, ...transport('one'))] },
      ['a=group:BUNDLE a', 'application 0', 'audio 7000'],
    ],
    [
      'where the video is not used any more',
      { sections: [video('one', 0), audio(9, ...transport('one'))] },
      ['a=group:BUNDLE a', 'video 0', 'audio 7000'],
    ],
  ])('%s', ([, offered, expected]) => {
    expect(told(offered)).toEqual(expected);
  });
});

describe('of several audio sections', () => {
  const other = (...lines: readonly string[]): string[] => [
    'audio 9 UDP/TLS/RTP/SAVPF 9',
    'a=rtpmap:9 G722/8000',
    ...lines,
  ];

  test.for<[string, string[]]>([
    ['without a codec of ours', other('a=rtcp-mux', ...transport('one'))],
    ['without encryption', ['audio 9 RTP/AVP 0']],
    ['that is not used', ['audio 0 UDP/TLS/RTP/SAVPF 111', ...OPUS, ...transport('one')]],
    [
      'that relies on a group which does not exist',
      ['audio 0 UDP/TLS/RTP/SAVPF 111', 'a=bundle-only', ...OPUS],
    ],
  ])('the one %s is skipped', ([, passedOver]) => {
    expect(told({ group: '', sections: [passedOver, audio(9, ...transport('two'))] })).toEqual([
      'audio 0',
      'audio 7000',
    ]);
  });

  test('the first is taken, and where none can be, its reason is given', () => {
    const both = [audio(9, ...transport('one')), audio(9, ...transport('two'))];
    expect(told({ group: '', sections: both })).toEqual(['audio 7000', 'audio 0']);
    const neither = offer({ sections: [other('a=rtcp-mux', ...transport('one')), audio(9)] });
    expect(() => readOffer(neither)).toThrow('Neither Opus nor PCMU is offered');
  });
});

test.for<[string, Offered, number]>([
  ['The audio is offered only together with application', { sections: [data(9), bundleOnly] }, 304],
  ['The audio is bundled with nothing that is in use', { sections: [video('one', 0), bundleOnly] }, 304],
  [
    'The audio is bundled with nothing that is in use',
    { group: '', sections: [video('one'), bundleOnly] },
    304,
  ],
  ['No audio over DTLS-SRTP is offered', { sections: [video('one')] }, 304],
  [
    'Neither Opus nor PCMU is offered',
    { sections: [['audio 9 UDP/TLS/RTP/SAVPF 9', 'a=rtcp-mux', ...transport('one')]] },
    305,
  ],
  ['A media line is broken', { sections: [['audio 9']] }, 306],
])('refused: %s', ([sentence, offered, warning]) => {
  expect(() => readOffer(offer(offered))).toThrow(
    expect.objectContaining({ name: new UnacceptableOffer('', 0).name, message: sentence, warning }) as Error,
  );
});
