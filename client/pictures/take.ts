import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from '@playwright/test';
import { DemoServer } from '../../server/tests/support/demo-server.ts';
import { FLAGS, voiceFlags, wholeChromiumPath } from '../tests/support/chromium.ts';
import { Handset } from '../tests/support/handset.ts';
import { writeTone } from '../tests/support/tone.ts';

/**
 * `npm run pictures`: takes the screenshots that the manifest shows to people who install a phone, from the product with its demo, and draws what Android
 * puts into its status bar. Built pages are needed.
 */
const PUBLIC = fileURLToPath(new URL('../public/', import.meta.url));
const NARROW = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 };
const WIDE = { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 };
const BADGE_PX = 96;

const folder = await mkdtemp(join(tmpdir(), 'perch-pictures-'));
const wav = join(folder, 'voice.wav');
await writeTone(wav, 440);
const perch = await DemoServer.start();
const browser = await chromium.launch({
  ...(wholeChromiumPath !== undefined && { executablePath: wholeChromiumPath }),
  args: [...FLAGS, ...voiceFlags(wav)],
});
try {
  await takePhones(browser);
  await drawBadge(browser);
} finally {
  await browser.close();
  await perch.stop();
  await rm(folder, { recursive: true });
}

async function takePhones(within: Browser): Promise<void> {
  const [narrow, wide] = [await phone(within, '101', NARROW), await phone(within, '102', WIDE)];
  const caller = await phone(within, '103', WIDE);
  await narrow.page.screenshot({ path: `${PUBLIC}screenshots/phone-narrow.png` });
  await wide.page.screenshot({ path: `${PUBLIC}screenshots/phone-wide.png` });
  await caller.dial('101');
  await narrow.answer();
  await narrow.expectTalking();
  // Not over a button.
  await narrow.page.mouse.move(1, 1);
  await narrow.page.screenshot({ path: `${PUBLIC}screenshots/call-narrow.png` });
}

async function phone(within: Browser, number: string, screen: typeof NARROW): Promise<Handset> {
  const context = await within.newContext({ ...screen, colorScheme: 'light', locale: 'en' });
  await context.addInitScript(() => {
    localStorage.setItem('perch.settings', JSON.stringify({ introduced: true }));
  });
  const handset = new Handset(await context.newPage(), number);
  const line = perch.organization.extensions.find((extension) => extension.number === number);
  await handset.open(line?.phoneUrl ?? '');
  return handset;
}

/** Of it, Android shows only where it is opaque. */
async function drawBadge(within: Browser): Promise<void> {
  const page = await within.newPage({ viewport: { width: BADGE_PX, height: BADGE_PX } });
  const icon = (await readFile(`${PUBLIC}favicon.svg`, 'utf8')).replace(/<style>[\s\S]*<\/style>/, '');
  await page.setContent(
    `<style>body { margin: 0 } svg { display: block; width: 100vw; height: 100vh }
      .bird { fill: #fff } .perch { fill: none; stroke: #fff; stroke-width: 2.5; stroke-linecap: round }</style>${icon}`,
  );
  await page.screenshot({ path: `${PUBLIC}icon-badge.png`, omitBackground: true });
}
