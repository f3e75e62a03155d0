import { programOf } from './programs.ts';

const WITH_WINDOWS = ['chromium', 'chromium-browser', 'google-chrome'];
/** Chromium without all that makes windows: it opens a page for a third of the CPU time. */
const WITHOUT_WINDOWS = 'chromium-headless-shell';

/** The browser of the tests: `PERCH_CHROMIUM`, else the first on the PATH, else (undefined) Playwright's own. */
export const chromiumPath = programOf('PERCH_CHROMIUM', [WITHOUT_WINDOWS, ...WITH_WINDOWS]);

/** The whole browser, for what people's windows do (freezing, going back), and for what is measured. */
export const wholeChromiumPath = programOf('PERCH_CHROMIUM', [...WITH_WINDOWS, WITHOUT_WINDOWS]);

/** For any browser of the tests: no sandbox (they run as root in containers), and nothing that talks to the network by itself. */
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** When a browser lets a page be heard: at once, or as people's browsers do, once they have touched it. */
export type SoundPolicy = 'at-once' | 'after-a-touch';

/** For a browser with a voice: the tone in the file is its microphone, and it plays to no device but still plays. */
export const voiceFlags = (wav: string, sound: SoundPolicy = 'at-once'): readonly string[] => [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  `--use-file-for-fake-audio-capture=${wav}`,
  `--autoplay-policy=${sound === 'at-once' ? 'no-user-gesture-required' : 'document-user-activation-required'}`,
  '--allow-loopback-in-peer-connection',
];
