import { type Language, LANGUAGE_NAMES, languages } from '@perch/shared';
import type { Page } from '@playwright/test';
import { expect, test, testOfServer, VOICE } from './support/fixtures.ts';
import { Handset } from './support/handset.ts';
import { expectTone } from './support/hearing.ts';
import { turn } from './support/visibility.ts';
import { word } from './support/words.ts';

test.use({ serviceWorkers: 'allow' });

const settings = (page: Page) => page.getByRole('dialog', { name: word('device_settings') });
const openSettings = (page: Page) =>
  page.getByRole('button', { name: word('device_settings'), exact: true }).click();

testOfServer(
  'the installed app: a new version waits for the end of a call; without the server, what was not opened before opens, and the app says that there is none',
  async ({ perch, phone }) => {
    const [ben, ada] = await Promise.all([phone('102'), phone('101')]);
    const { page } = ben;
    // The last thing that a page does on its own.
    await page.evaluate(() => navigator.serviceWorker.ready);

    await test.step('a new version comes in a call', async () => {
      let loads = 0;
      page.on('load', () => (loads += 1));
      await ada.dial('102');
      await ben.answer();
      await expectTone(ada.page, VOICE['102']);
      await turn(page, 'hidden');
      // A worker of another address is a new version to the browser.
      await page.evaluate(async () => void (await navigator.serviceWorker.register('/sw.js?next')));
      const isWaiting = async () => (await navigator.serviceWorker.ready).waiting !== null;
      await expect.poll(() => page.evaluate(isWaiting)).toBe(true);
      await expectTone(ada.page, VOICE['102']);
      expect(loads).toBe(0);
      await ada.hangUp();
      await expect.poll(() => loads).toBe(1);
      await ben.expectReady();
      expect(await page.evaluate(() => navigator.serviceWorker.controller?.scriptURL)).toMatch(/\?next$/);
    });

    const manifest = await fetch(new URL('/manifest.webmanifest', perch.organization.url));
    const { start_url: start } = (await manifest.json()) as { readonly start_url: string };
    await perch.kill();
    await expect(page.locator('main')).toHaveAttribute('data-state', 'offline', { timeout: 20_000 });
    await openSettings(page);
    await expect(settings(page)).toBeVisible();
    await expect(page.getByText(word('part_missing'))).toBeHidden();
    await page.close();

    await test.step('it is opened where there is no server', async () => {
      const app = await page.context().newPage();
      await app.goto(new URL(start, perch.organization.url).href);
      await expect(app.getByRole('heading', { name: word('offline_title') })).toBeVisible({
        timeout: 20_000,
      });
      await expect(app.getByText(word('offline_lost', { number: '102' }))).toBeVisible();
      await expect(app.getByText(word('offline_works'))).toBeVisible();
    });
  },
);

test('a part that cannot be loaded says so, can be tried again, and a call goes on meanwhile', async ({
  perch,
  contextOf,
  phone,
}) => {
  const context = await contextOf('101');
  await context.route(/\/assets\/(settings-dialog|live-mailbox)-/, (route) => route.abort());
  const page = await context.newPage();
  await page.goto(perch.line('101').url);
  const again = page.getByRole('button', { name: word('try_again'), exact: true });
  await page.getByRole('tab', { name: word('voicemail') }).click();
  await expect(page.getByRole('alert')).toContainText(word('part_missing'));
  await again.click();
  await expect(page.getByRole('alert')).toContainText(word('part_missing'));

  const ben = await phone('102');
  await ben.dial('101');
  await page.getByRole('button', { name: word('answer'), exact: true }).click();
  await ben.expectTalking();
  await openSettings(page);
  await expect(page.getByText(word('part_missing'))).toBeVisible();
  await expect(settings(page)).toBeHidden();

  await context.unroute(/\/assets\/(settings-dialog|live-mailbox)-/);
  await again.click();
  await expect(settings(page)).toBeVisible();
  await ben.expectTalking();
});

test('a station has all that calls and the Center need in 142 KB of compressed script', async ({
  perch,
  contextOf,
  phone,
}) => {
  const { url } = perch.line('201');
  for (const language of languages) {
    const lengths = await Promise.all(
      (await scriptsIn(language, url)).map((script) => compressedLength(new URL(script, url))),
    );
    const length = lengths.reduce((sum, each) => sum + each, 0);
    expect(length, `in ${LANGUAGE_NAMES[language]}`).toBeLessThanOrEqual(142 * 1024);
  }

  // No other script is ever loaded.
  const scripts = await scriptsIn('en', url);
  const context = await contextOf('201');
  await context.route(
    (address) => address.pathname.endsWith('.js') && !scripts.includes(address.pathname),
    (route) => route.abort(),
  );
  const station = new Handset(await context.newPage(), '201');
  await station.open(url);
  const ben = await phone('102');
  await station.takeOver(perch.line('101'));
  await ben.dial('101');
  await station.expectRinging('Ben', '102');
  await station.answer();
  await station.expectTalking();
  await expectTone(ben.page, VOICE['201']);
  await station.hangUp();
  await station.expectGuest('Ada', '101');

  // What a phone loads later, the first steps last, is none of management's, either.
  const loaded = (): Promise<string[]> =>
    ben.page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname),
    );
  await expect.poll(loaded).toContainEqual(expect.stringMatching(/first-run-dialog-/));
  expect((await loaded()).filter((path) => path.startsWith('/assets/management-'))).toEqual([]);
});

/** What a page loads before anything is done with it: its script, those that it imports, and the words of its language. */
async function scriptsIn(language: Language, url: string): Promise<string[]> {
  const html = await (await fetch(url, { headers: { 'accept-language': language } })).text();
  expect(html).toContain(`<html lang="${language}"`);
  return [...html.matchAll(/<(?:script|link)[^>]*(?:src|href)="([^"]+\.js)"/g)].map(
    ([, script]) => script ?? '',
  );
}

async function compressedLength(script: URL): Promise<number> {
  const { headers } = await fetch(script, { method: 'HEAD', headers: { 'accept-encoding': 'br' } });
  expect([script.pathname, headers.get('content-encoding')]).toEqual([script.pathname, 'br']);
  return Number(headers.get('content-length'));
}
