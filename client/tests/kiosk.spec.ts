import { Administrator } from '../../server/tests/support/administrator.ts';
import { expect, test } from './support/fixtures.ts';
import { word } from './support/words.ts';

test('a station in kiosk mode: its device settings ask for the PIN, and a page that is loaded anew is locked again', async ({
  perch,
  phone,
}) => {
  const [{ page }, administrator] = [await phone('201'), await Administrator.signIn(perch.organization)];
  await administrator.ask('PUT /api/organization/station-pin', { pin: '4711' });
  const cover = page.getByRole('button', { name: word('kiosk_cover_title') });
  await cover.click();
  await expect(cover).toBeHidden();
  expect(await page.evaluate(() => document.fullscreenElement !== null)).toBe(true);

  const openSettings = () => page.getByRole('button', { name: word('device_settings') }).click();
  const dialog = page.getByRole('dialog');
  await openSettings();
  await expect(dialog.getByText(word('kiosk_unlock_title'))).toBeVisible();
  for (const kept of ['ring_volume', 'language']) await expect(dialog.getByLabel(word(kept))).toHaveCount(0);
  await page.keyboard.type('4712#');
  await expect(dialog.getByRole('alert')).toBeVisible();
  await page.keyboard.type('4711');
  await page.keyboard.press('#');
  for (const kept of ['ring_volume', 'language']) await expect(dialog.getByLabel(word(kept))).toBeVisible();

  await page.reload();
  await cover.click();
  await openSettings();
  await expect(dialog.getByText(word('kiosk_unlock_title'))).toBeVisible();
  await expect(dialog.getByLabel(word('ring_volume'))).toHaveCount(0);
});
