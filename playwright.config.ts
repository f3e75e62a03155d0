import { defineConfig } from '@playwright/test';
import type { BorderOption, LanguageOption } from './client/tests/support/fixtures.ts';
import { chromiumPath } from './client/tests/support/chromium.ts';

/** What mostly waits: for a page to be asleep, a network to be back, a tab to have crashed, a sentence to have been spoken. It takes about half of a core. */
const WAITING = /(?:center|network|sleep|suspension|tabs|voicemail)\.spec\.ts$/;

/** The README's. */
const STORY = /a shift at the front desk/;

/**
 * The product in real browsers with real sound. Each test has an organization of its own, and each person in it a browser
 * process of their own, because a browser has one fake microphone. The tests often wait for sound, which takes its time:
 * two run side by side even where there are only two cores, and a third one of those that do little else but wait.
 */
export default defineConfig<object, BorderOption & LanguageOption>({
  testDir: 'client/tests',
  testMatch: '*.spec.ts',
  workers: 3,
  fullyParallel: true,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  projects: [
    // First, as it is one long test: at the end it would run alone. Over bytes and in German, as everything else is over values and in English.
    { name: 'story', testMatch: 'story.spec.ts', grep: STORY, use: { border: 'bytes', language: 'de' } },
    { name: 'waiting', testMatch: WAITING, workers: 1 },
    { name: 'browser', testIgnore: WAITING, grepInvert: STORY, workers: 2 },
  ],
  forbidOnly: process.env['CI'] !== undefined,
  // Sound that comes late may be a machine that stood still for a second. A test that does not pass the first time is listed as flaky.
  retries: process.env['CI'] === undefined ? 0 : 2,
  reporter: process.env['CI'] === undefined ? 'list' : 'line',
  use: {
    ...(chromiumPath === undefined ? {} : { launchOptions: { executablePath: chromiumPath } }),
    trace: 'off',
    // It fetches every file of the pages in every new context, a second of CPU each time. Tests about it, and the stories, allow it.
    serviceWorkers: 'block',
  },
});
