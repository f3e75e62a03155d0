import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { word } from './words.ts';

const settings = (page: Page) => page.getByRole('dialog', { name: word('device_settings') });
const openSettings = (page: Page) =>
  page.getByRole('button', { name: word('device_settings'), exact: true }).click();

test('what was not opened before the server went opens without it', async ({ perch, phone }) => {
  const { page } = await phone('102');
  // The last thing that a page does on its own.
  await page.evaluate(() => navigator.serviceWorker.ready);
  await perch.kill();
  await expect(page.locator('main')).toHaveAttribute('data-state', 'offline', { timeout: 20_000 });
  await openSettings(page);
  await expect(settings(page)).toBeVisible();
  await expect(page.getByText(word('part_missing'))).toBeHidden();
  await page.reload();
  await expect(page.locator('main')).toHaveAttribute('data-state', 'offline', { timeout: 20_000 });
});

test('a part that does not come says so, is asked for again, and a call goes on meanwhile', async ({
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
