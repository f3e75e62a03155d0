import { expect, test } from './support/fixtures.ts';
import { word } from './support/words.ts';

test('a station’s code is confirmed on the agent’s own phone: the station is theirs, and the code is spent', async ({
  perch,
  phone,
}) => {
  const [station, ada, ben] = [await phone('201'), await phone('101'), await phone('102')];
  const posted = station.page.waitForResponse('**/api/terminal/station-code');
  await station.page.getByRole('button', { name: word('station_code') }).click();
  const { url, typed } = (await (await posted).json()) as { readonly url: string; readonly typed: string };
  await expect(station.page.getByRole('img', { name: word('station_code_qr') })).toBeVisible();
  await expect(station.page.getByRole('dialog')).toContainText(`${typed.slice(0, 4)}-${typed.slice(4)}`);

  // Another page of the browser that is Ada's phone, as a camera opens it.
  const camera = await ada.page.context().newPage();
  await camera.goto(url);
  await expect(camera.getByRole('heading', { level: 1 })).toContainText('Front desk');
  expect(camera.url()).not.toContain('#');
  await station.expectFree();
  await camera.getByRole('button', { name: word('sign_in_confirm') }).click();
  await station.expectGuest('Ada', '101');
  await ada.expectAway('Front desk', '201');
  await expect(station.page.getByRole('dialog')).toBeHidden();

  await ben.dial('101');
  await station.expectRinging('Ben', '102');
  await station.answer();
  await ben.expectTalking();
  await ben.hangUp();

  // Scanned once more, by somebody else.
  const other = await ben.page.context().newPage();
  await other.goto(new URL(`/sign-in#${typed.toLowerCase()}`, perch.organization.url).href);
  await expect(other.getByRole('alert')).toContainText('already');
  await station.expectGuest('Ada', '101');
  await station.page.getByRole('button', { name: word('leave_desk') }).click();
  await station.expectFree();
  await expect(station.page.getByRole('button', { name: word('station_code') })).toBeEnabled();
});
