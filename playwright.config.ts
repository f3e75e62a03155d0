import { defineConfig } from '@playwright/test';
import { chromiumPath } from './client/tests/chromium.ts';

/**
 * The product in real browsers with real sound. Each test has a server of its own, and each person in it a browser
 * process of their own, because a browser has one fake microphone. The tests mostly wait for sound, which takes its time:
 * two run side by side even where there are only two cores.
 */
export default defineConfig({
  testDir: 'client/tests',
  testMatch: '*.spec.ts',
  workers: 2,
  fullyParallel: true,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: process.env['CI'] === undefined ? 'list' : 'line',
  use: {
    ...(chromiumPath === undefined ? {} : { launchOptions: { executablePath: chromiumPath } }),
    trace: 'off',
  },
});
