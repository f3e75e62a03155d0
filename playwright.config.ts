import { defineConfig } from '@playwright/test';
import type { BorderOption, LanguageOption } from './client/tests/support/fixtures.ts';
import { chromiumPath } from './client/tests/support/chromium.ts';

/** A page is asleep after half a minute, a tab has crashed when it has not been heard of for as long. */
const WAITING = /(?:sleep|suspension|tabs)\.spec\.ts$/;

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
    // First, as it is one long test: at the end it would run alone. In German, as elsewhere it is in English.
    {
      name: 'over bytes',
      testMatch: 'story.spec.ts',
      grep: /a shift at the front desk/,
      use: { border: 'bytes', language: 'de' },
    },
    { name: 'waiting', testMatch: WAITING, workers: 1 },
    { name: 'browser', testIgnore: WAITING, workers: 2 },
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
