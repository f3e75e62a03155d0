import type { Target } from './target.ts';

/** A parser that is fuzzed. */
export interface Parser {
  /** Beginnings of the paths, from the folder `server`, of the files whose branches count. */
  readonly files: readonly string[];
  readonly load: () => Promise<{ readonly target: Target }>;
}

const MESSAGE = 'src/sip/message/';
const MEDIA = 'src/media/';

export const PARSERS: Readonly<Record<string, Parser>> = {
  'sip-message': { files: [MESSAGE], load: () => import('./targets/sip-message.ts') },
  uri: { files: [`${MESSAGE}fields/`, `${MESSAGE}octets.ts`], load: () => import('./targets/uri.ts') },
  'header-fields': { files: [MESSAGE], load: () => import('./targets/header-fields.ts') },
  digest: {
    files: [`${MESSAGE}fields/auth-params.ts`, `${MESSAGE}octets.ts`, 'src/sip/user-agent/authentication/'],
    load: () => import('./targets/digest.ts'),
  },
  forwarded: {
    files: ['src/network/arrival.ts', 'src/network/address.ts'],
    load: () => import('./targets/forwarded.ts'),
  },
  names: {
    files: ['../shared/src/display-name.ts', '../shared/src/dialled-text.ts', 'src/exchange/numbering/'],
    load: () => import('./targets/names.ts'),
  },
  'dtmf-info': {
    files: ['src/exchange/services/dtmf-info.ts'],
    load: () => import('./targets/dtmf-info.ts'),
  },
  sdp: {
    files: [`${MEDIA}sdp/`, `${MEDIA}dtls/dtls-certificate.ts`],
    load: () => import('./targets/sdp.ts'),
  },
  stun: { files: [`${MEDIA}ice/`], load: () => import('./targets/stun.ts') },
  dtls: { files: [`${MEDIA}dtls/`], load: () => import('./targets/dtls.ts') },
  rtp: { files: [`${MEDIA}rtp/`, `${MEDIA}codec/opus-packet.ts`], load: () => import('./targets/rtp.ts') },
  ogg: { files: [`${MEDIA}ogg/`, `${MEDIA}codec/`], load: () => import('./targets/ogg.ts') },
  'sound-files': { files: [`${MEDIA}sound-files/`], load: () => import('./targets/sound-files.ts') },
};
