import { AxeBuilder } from '@axe-core/playwright';
import { PROMPT_TEXTS } from '@perch/shared';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { Mailbox } from './mailbox.ts';
import { word } from './words.ts';

const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).withTags(WCAG_22_AA).analyze();
    const found = violations.map(
      ({ id, nodes }) =>
        `${colorScheme}: ${id}: ${nodes.map(({ target, failureSummary = '' }) => `${target.join(' ')} (${failureSummary})`).join(', ')}`,
    );
    expect(found).toEqual([]);
  }
}

test('the station page, free, ringing, in call, taking over and taken', async ({ perch, phone }) => {
  const [station, ben] = await Promise.all([phone('201'), phone('102')]);
  await expectAccessible(station.page);
  await ben.dial('201');
  await station.expectRinging('Ben', '102');
  await expectAccessible(station.page);
  await station.answer();
  await station.expectTalking();
  await expectAccessible(station.page);
  await ben.hangUp();
  await station.expectIdle();
  await station.dial('*30101');
  await station.expectCodeAsked();
  await expectAccessible(station.page);
  await station.press(`${perch.line('101').secretCode ?? ''}#`);
  await station.expectGuest('Ada', '101');
  await expectAccessible(station.page);
});

test('a phone’s calls: the keypad, on hold, held, waiting, two, sending one on', async ({ phone }) => {
  test.slow();
  const [ada, ben, chloe] = await Promise.all([phone('101'), phone('102'), phone('103')]);
  await ben.dial('101');
  await ada.answer();
  await ada.expectTalking();
  await ada.act('keypad');
  await expectAccessible(ada.page);
  await ada.act('keypad');
  await ada.toggleHold();
  await expect(ben.page.getByText(/has put you on hold$/)).toBeVisible();
  await expectAccessible(ada.page);
  await expectAccessible(ben.page);
  await chloe.dial('101');
  await ada.expectRinging('Chloe', '103');
  await expectAccessible(ada.page);
  await ada.act('hold_and_answer');
  await ada.expectTalking();
  await ada.act('transfer');
  await expect(ada.page.getByRole('region', { name: /^Transfer / })).toBeVisible();
  await expectAccessible(ada.page);
});

test('the phone page, at home and away', async ({ perch, phone }) => {
  const [ada, station] = await Promise.all([phone('101'), phone('201')]);
  await expectAccessible(ada.page);
  await station.takeOver(perch.line('101'));
  await ada.expectAway('Front desk', '201');
  await expectAccessible(ada.page);
  await ada.page.keyboard.press('?');
  await expect(ada.page.getByRole('dialog', { name: word('shortcuts') })).toBeVisible();
  await expectAccessible(ada.page);
});

test('a voicemail call: a message is recorded, its owner is asked for a PIN and listens', async ({
  perch,
  phone,
}) => {
  const [ben, station] = await Promise.all([phone('102'), phone('201')]);
  await ben.dial('101');
  await ben.page.getByRole('button', { name: word('mailbox_call_skip'), exact: true }).click();
  await expect(ben.page.getByText(word('mailbox_call_recording_message'), { exact: true })).toBeVisible();
  await expectAccessible(ben.page);
  await ben.page.getByRole('button', { name: word('mailbox_call_finish_recording'), exact: true }).click();
  await ben.expectIdle();
  await station.takeOver(perch.line('101'));
  await station.expectIdle();
  await station.dial('*97');
  await expect(station.page.getByText(PROMPT_TEXTS['enter-pin'])).toBeVisible();
  await expectAccessible(station.page);
  await station.press(`${perch.line('101').voicemailPin ?? ''}#`);
  await expect(station.page.getByRole('article')).toContainText('Ben', { timeout: 20_000 });
  await expectAccessible(station.page);
});

test('the voicemail of a page: the list, an open message, a deleted one, the greeting, and the PIN of a guest', async ({
  perch,
  phone,
  leaveMessage,
}) => {
  await leaveMessage('102', '101');
  const [ada, station] = await Promise.all([phone('101'), phone('201')]);
  const [atHome, atStation] = [new Mailbox(ada.page), new Mailbox(station.page)];
  await atHome.open();
  await expect(atHome.messages).toHaveCount(1);
  await expectAccessible(ada.page);
  await atHome.play(0);
  await expectAccessible(ada.page);
  await atHome.delete();
  await expectAccessible(ada.page);
  await atHome.undo();
  await ada.page.getByRole('button', { name: word('voicemail_setup_own') }).click();
  await expect(ada.page.getByText(word('voicemail_greeting_standard'))).toBeVisible();
  await expectAccessible(ada.page);

  await station.takeOver(perch.line('101'));
  await atStation.open();
  await expect(station.page.getByRole('group', { name: word('voicemail_pin_keys') })).toBeVisible();
  await expectAccessible(station.page);
});

test('the management pages', async ({ perch, page }) => {
  const { admin } = perch.organization;
  await page.goto(admin.url);
  const signIn = page.getByRole('button', { name: word('sign_in'), exact: true });
  await expect(signIn).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel(word('email')).fill(admin.email);
  await page.getByLabel(word('password')).fill(admin.password);
  await signIn.click();
  await expect(page.getByText('Server room')).toBeVisible();
  await expectAccessible(page);
  await page.goto(`${admin.url}/extensions`);
  await expect(page.getByText('Chloe')).toBeVisible();
  await expectAccessible(page);
  await page.goto(`${admin.url}/extensions/101`);
  await expect(page.getByText('Ada').first()).toBeVisible();
  await expectAccessible(page);
});
