import { expect, test } from './support/fixtures.ts';
import { Mailbox } from './support/mailbox.ts';
import { word } from './support/words.ts';

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

test('a greeting that is not in use yet waits below a ring, and is discarded after a question only', async ({
  phone,
}) => {
  const [ada, ben] = await Promise.all([phone('101'), phone('102')]);
  const { page } = ada;
  const button = (key: string) => page.getByRole('button', { name: word(key), exact: true });
  const draft = page.getByText(word('voicemail_greeting_draft'));
  const question = page.getByRole('alertdialog', { name: word('voicemail_draft_loss') });
  await new Mailbox(page).open();
  await button('voicemail_setup_own').click();
  await button('voicemail_record').click();
  // So that there is something in it.
  await expect(page.getByRole('timer')).toHaveText(/^0:0[1-9]/);
  await button('voicemail_record_stop').click();
  await expect(draft).toBeVisible();
  await ben.dial('101');
  await ada.expectRinging('Ben', '102');
  await expect(draft).toBeHidden();
  await ben.hangUp();
  await expect(draft).toBeVisible();
  await page.keyboard.press('Escape');
  await button('unfinished_keep').click();
  await expect(question).toBeHidden();
  await expect(draft).toBeVisible();
  await page.keyboard.press('Escape');
  await question.getByRole('button', { name: word('unfinished_discard') }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
});
