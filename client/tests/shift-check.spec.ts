import { expect, test } from './support/fixtures.ts';
import { word } from './support/words.ts';

test('a check before the shift hears its own tone from the server, and the floor sees the verdict', async ({
  perch,
  phone,
  page,
}) => {
  const ada = await phone('101');
  await ada.page.getByRole('button', { name: word('device_settings') }).click();
  await ada.page.getByRole('button', { name: word('check_begin') }).click();
  await expect(ada.page.getByText(word('check_line_good'))).toBeVisible({ timeout: 15_000 });
  await expect(ada.page.getByText(word('check_microphone_good'))).toBeVisible();
  // Steady on a machine that has the time for it: what is found is told as it is.
  await expect(ada.page.getByText(/^Network: /)).toBeVisible();
  const isReady = await ada.page.getByText(word('check_network_good')).isVisible();

  const { admin } = perch.organization;
  await page.goto(admin.url);
  await page.getByLabel(word('email')).fill(admin.email);
  await page.getByLabel(word('password')).fill(admin.password);
  await page.getByRole('button', { name: word('sign_in'), exact: true }).click();
  await expect(
    page
      .getByRole('article', { name: '101 Ada' })
      .getByText(isReady ? /^Phone check .+: ready/ : /^Phone check .+network/),
  ).toBeVisible();
});
