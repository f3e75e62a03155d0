import { expect, test } from './fixtures.ts';
import { word } from './words.ts';

test('a ring is above the settings and takes the focus, on narrow and wide screens', async ({ phone }) => {
  const [ada, ben] = await Promise.all([phone('101'), phone('102')]);
  const { page } = ada;
  const settings = page.getByRole('dialog', { name: word('device_settings') });
  const answer = page.getByRole('button', { name: word('answer'), exact: true });
  for (const width of [390, 1024]) {
    await page.setViewportSize({ width, height: 844 });
    await page.getByRole('button', { name: word('device_settings'), exact: true }).click();
    await expect(settings).toBeVisible();
    await ben.dial('101');
    await expect(answer).toBeFocused();
    await expect(settings).toBeHidden();
    await expect(page.getByText(word('settings_closed_ringing')).last()).toBeVisible();
    // A click at its place reaches it: nothing lies over it.
    await answer.click();
    await ada.expectTalking();
    await ben.hangUp();
    await ada.expectIdle();
    await expect(settings).toBeHidden();
  }
});

test('the focus is back in the dial field when the caller gives up', async ({ phone }) => {
  const [ada, ben] = await Promise.all([phone('101'), phone('102')]);
  const field = ada.page.getByRole('textbox');
  await field.focus();
  await ben.dial('101');
  await expect(ada.page.getByRole('button', { name: word('answer'), exact: true })).toBeFocused();
  await ben.hangUp();
  await ada.expectIdle();
  await expect(field).toBeFocused();
});
