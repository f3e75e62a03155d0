import { expect, test } from './fixtures.ts';
import { word } from './words.ts';

test('an administrator renames an extension, is told that its link is for this computer only, and revokes its browser', async ({
  perch,
  phone,
  page,
}) => {
  const { admin } = perch.organization;
  const ben = await phone('102');
  await page.goto(`${admin.url}/extensions/102`);
  await page.getByLabel(word('email')).fill(admin.email);
  await page.getByLabel(word('password')).fill(admin.password);
  await page.getByRole('button', { name: word('sign_in'), exact: true }).click();

  const name = page.getByLabel(word('name'), { exact: true });
  await name.fill('  Benedict  Ø ');
  await name.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Benedict Ø');
  await expect(ben.page.locator('main')).toContainText('Benedict Ø');

  await page.getByRole('button', { name: word('make_link'), exact: true }).click();
  await expect(page.getByText(word('enrolment_only_here'))).toBeVisible();

  await page
    .getByRole('button', { name: word('revoke_browser').replace('{browser}', ''), exact: false })
    .first()
    .click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: word('revoke'), exact: true })
    .click();
  await expect(ben.page.getByText(word('revoked_title').replace('{number}', '102'))).toBeVisible();
});
