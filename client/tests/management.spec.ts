import { Secret, TOTP } from 'otpauth';
import { expect, test } from './support/fixtures.ts';
import { Typist } from './support/typist.ts';
import { word } from './support/words.ts';

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
  await expect(page.getByLabel(word('language')).locator('option', { hasText: 'Română' })).toHaveCount(1);
  expect(await page.evaluate(fontsOf), 'the names of languages that are not chosen need no font').toEqual([
    expect.stringMatching(/inter-latin-opsz/),
  ]);
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

  await test.step('with the keyboard alone: a second factor is set up, and asked for at the next sign-in', async () => {
    await page.goto(`${admin.url}/people`);
    const typist = new Typist(page);
    await typist.press(word('account_of', { email: admin.email }));
    await typist.press(word('second_factor_set_up'));
    await typist.expectFocus(word('own_password'));
    await typist.type(admin.password);
    await typist.key('Enter');
    await typist.expectFocus(word('app_code'));
    const secret = await page.getByLabel(word('second_factor_typed')).inputValue();
    const app = new TOTP({ secret: Secret.fromBase32(secret.replaceAll(' ', '')) });
    await typist.type(app.generate());
    await typist.key('Enter');
    await typist.expectFocus(word('recovery_codes'));
    await typist.press(word('recovery_codes_kept'));
    await expect(page.getByText(word('switched_on'), { exact: true }).first()).toBeVisible();
    await typist.key('Escape');
    await typist.press(word('sign_out'));
    await expect(page.getByRole('button', { name: word('forgot_password') })).toBeVisible();
    await typist.tabTo(word('email'));
    await typist.type(admin.email);
    await typist.tabTo(word('password'));
    await typist.type(admin.password);
    await typist.key('Enter');
    await typist.expectFocus(word('app_code'));
    // No code works twice, and one that is a step ahead is right, too.
    await typist.type(app.generate({ timestamp: Date.now() + 30_000 }));
    await typist.key('Enter');
    await expect(page.getByRole('heading', { name: word('people'), level: 1 })).toBeVisible();
  });
});

/** Which fonts the page has fetched, once those are there that it needs for what it shows. */
async function fontsOf(): Promise<string[]> {
  await document.fonts.ready;
  const files = performance.getEntriesByType('resource').map(({ name }) => name);
  return files.filter((file) => file.endsWith('.woff2'));
}
