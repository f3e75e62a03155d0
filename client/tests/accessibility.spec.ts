import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { expect, test } from './support/fixtures.ts';
import { Mailbox } from './support/mailbox.ts';
import { word } from './support/words.ts';

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

test('the management pages', async ({ perch, page, phone }) => {
  const { admin } = perch.organization;
  const ben = await phone('102');
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
  await page.getByRole('link', { name: word('people'), exact: true }).click();
  await page.getByRole('button', { name: admin.email, exact: true }).click();
  await expect(page.getByRole('dialog').getByText(word('sessions_of_person'))).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: word('audit'), exact: true }).click();
  await expect(page.getByText(word('deed_sign_in')).first()).toBeVisible();
  await expectAccessible(page);
  await page.goto(`${admin.url}/extensions/101`);
  await expect(page.getByText('Ada').first()).toBeVisible();
  await expectAccessible(page);
  await ben.dial('999');
  const happened = page.getByRole('button', { name: word('records_show').split('{')[0] ?? '' });
  // The list is as it was when it was asked for; the call may not have come to the server by then.
  await expect(async () => {
    await page.goto(`${admin.url}/calls`);
    await expect(happened).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await happened.click();
  await expect(page.getByRole('list', { name: word('records_timeline') })).toContainText('Ben called 999.');
  await expectAccessible(page);
  await page.getByRole('link', { name: word('why') }).click();
  await page.getByLabel(word('records_of'), { exact: true }).fill('102');
  await expect(page.getByText('102 Ben was at no other desk')).toBeVisible();
  await expectAccessible(page);
  await walkReports(page);
  await expectAccessible(page);
});

/** By the keyboard alone: what a report is about, its hours and weekdays, its order, and what of it scrolls. */
async function walkReports(page: Page): Promise<void> {
  await page.getByRole('link', { name: word('reports') }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: word('report_rows') })).toBeVisible();
  await tabTo(page, page.getByLabel(word('report_per'), { exact: true }));
  await page.keyboard.press('ArrowDown');
  await tabTo(page, page.getByText(word('report_times'), { exact: false }).first());
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('checkbox').first());
  await page.keyboard.press('Space');
  await tabTo(
    page,
    page.getByRole('region', { name: word('report_table', { title: word('report_by_day') }) }),
  );
  await tabTo(page, page.getByLabel(word('report_sort')));
  await page.keyboard.press('ArrowDown');
  await tabTo(page, page.getByRole('region', { name: word('report_table', { title: word('report_rows') }) }));
  await expect(page.getByText(word('report_top', { figure: 'Offered' }))).toBeVisible();
  expect(await page.getByLabel(word('report_per'), { exact: true }).inputValue()).toBe('station');
}

/** On with Tab until the focus is there; it must be on the way. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let press = 0; press < 30; press++) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Tab does not lead to ${target.toString()}`);
}
