import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Language } from '@perch/shared';
import { test as base, type Browser, type BrowserContext, chromium } from '@playwright/test';
import type { DemoServer } from '../../../server/tests/support/demo-server.ts';
import type { ServedOrganization } from '../../../server/tests/support/served-organization.ts';
import { SipClient } from '../../../server/tests/support/sip-client.ts';
import { leaveMessage } from '../../../server/tests/support/spoken-message.ts';
import { chromiumPath, FLAGS, voiceFlags } from './chromium.ts';
import { DemoServers } from './demo-servers.ts';
import { Handset } from './handset.ts';
import { writeTone } from './tone.ts';
import { mirrorPages } from './mirrored-pages.ts';
import { languageOfTongue, speak, type Tongue } from './words.ts';

/** The tone that represents the voice at that phone, in Hz. No two are near each other's harmonics. */
export const VOICE = {
  '101': 440,
  '102': 600,
  '103': 830,
  '104': 1010,
  '201': 550,
  '202': 740,
  '203': 930,
} as const;
export type Number = keyof typeof VOICE;

/** Launches a browser with that voice, or gives the one that runs already. */
type Voices = (hertz: number) => Promise<Browser>;

/** `bytes`: between a server and its organizations stand bytes, as if these were in another process. */
export interface BorderOption {
  readonly border: 'values' | 'bytes';
}

/** The language of the browsers, and so of their pages and of what the server says to them. */
export interface LanguageOption {
  readonly language: Language;
}

interface WorkerFixtures extends BorderOption, LanguageOption {
  /** `word` says it in the language of the pages. */
  readonly spoken: undefined;
  readonly voices: Voices;
  readonly servers: DemoServers;
}

interface TestFixtures {
  /** An organization of this test's own, like the demo's. */
  readonly perch: ServedOrganization;
  /** A browser context with that extension's voice, and its microphone granted. */
  readonly contextOf: (number: Number) => Promise<BrowserContext>;
  /** Opens the page of an extension or station, in a browser with its voice, and waits until it is registered. */
  readonly phone: (number: Number) => Promise<Handset>;
  /** Leaves a message with the voice of `from`, in the mailbox that answers at `to`, without a browser. */
  readonly leaveMessage: (from: Number, to: Number) => Promise<void>;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  border: ['values', { option: true, scope: 'worker' }],
  language: ['en', { option: true, scope: 'worker' }],
  spoken: [
    async ({ language }, use) => {
      speak(language);
      await use(undefined);
    },
    { scope: 'worker', auto: true },
  ],

  voices: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the names of the fixtures that are needed from it
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'perch-voices-'));
      const browsers = new Map<number, Promise<Browser>>();
      const launch = async (hertz: number): Promise<Browser> => {
        const wav = join(folder, `${String(hertz)}.wav`);
        await writeTone(wav, hertz);
        return chromium.launch({
          ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
          args: [...FLAGS, ...voiceFlags(wav)],
          ignoreDefaultArgs: ['--mute-audio'],
        });
      };
      await use((hertz) => {
        const browser = browsers.get(hertz) ?? launch(hertz);
        browsers.set(hertz, browser);
        return browser;
      });
      for (const browser of browsers.values()) await (await browser).close();
      await rm(folder, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],

  servers: [
    async ({ border }, use) => {
      const servers = new DemoServers(border === 'bytes' ? { PERCH_TEST_BORDER: 'bytes' } : {});
      await use(servers);
      await servers.close();
    },
    { scope: 'worker' },
  ],

  perch: async ({ servers }, use) => {
    await use(await servers.organization());
  },

  contextOf: async ({ voices, language }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (number) => {
      const browser = await voices(VOICE[number]);
      const context = await browser.newContext({
        permissions: ['microphone'],
        ...(language === 'en' ? {} : { locale: language }),
      });
      contexts.push(context);
      await context.addInitScript(toneSettings);
      return context;
    });
    for (const context of contexts) await context.close();
  },

  phone: async ({ perch, contextOf }, use) => {
    await use(async (number) => {
      const page = await (await contextOf(number)).newPage();
      const handset = new Handset(page, number);
      await handset.open(perch.line(number).url);
      return handset;
    });
  },

  leaveMessage: async ({ perch }, use) => {
    await use(async (from, to) => {
      const caller = await SipClient.registered(perch.organization, perch.line(from));
      await leaveMessage(caller, to, VOICE[from]);
      await caller.leave();
    });
  },
});

/** For tests that end the server, or are about more than one organization: theirs is the demo's own, on a server of its own. */
export const testOfServer = test.extend<{ readonly perch: DemoServer }>({
  perch: async ({ servers }, use) => {
    const server = await servers.server();
    await use(server);
    servers.end(server);
  },
});

/** The settings of a device that plays and takes tones: what browsers do for voices would suppress them as noise. */
export function toneSettings(): void {
  const soundProcessing = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const kept = JSON.parse(localStorage.getItem('perch.settings') ?? '{}') as object;
  localStorage.setItem('perch.settings', JSON.stringify({ introduced: true, soundProcessing, ...kept }));
}

export { expect } from '@playwright/test';

/** For walks in many languages: the page begins in this one, and `word` with it. */
export const testInTongue = testOfServer.extend<{ readonly tongue: Tongue }>({
  tongue: ['en', { option: true }],
  locale: async ({ tongue }, use) => use(tongue === 'en' ? undefined : languageOfTongue(tongue)),
  page: async ({ page, tongue, language }, use) => {
    if (tongue === 'mirrored') await mirrorPages(page);
    speak(tongue);
    await use(page);
    speak(language);
  },
});
