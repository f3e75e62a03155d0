import type { Page } from '@playwright/test';
import { DemoServer } from '../../server/tests/support/demo-server.ts';
import { expect, test as base } from './support/fixtures.ts';
import { Handset } from './support/handset.ts';
import { HeldTimers } from './support/held-timers.ts';
import { word } from './support/words.ts';

/** After so long, a station shows another code (milliseconds). */
const RENEWED_MS = 45_000;

interface Shown {
  readonly url: string;
  readonly typed: string;
}

const test = base.extend<{ readonly perch: DemoServer }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the names of the fixtures that are needed from it
  perch: async ({}, use) => {
    const server = await DemoServer.startLater();
    await use(server);
    await server.stop();
  },
});

/** What the station shows next. */
async function nextCode(station: Page): Promise<Shown> {
  const posted = await station.waitForResponse('**/api/terminal/station-code');
  return (await posted.json()) as Shown;
}
const grouped = ({ typed }: Shown): string => `${typed.slice(0, 4)}-${typed.slice(4)}`;

test('a station’s code is confirmed on the agent’s own phone, once and in time: it says so when it has expired, was used by somebody else, or is tried again', async ({
  perch,
  contextOf,
  phone,
}) => {
  const station = new Handset(await (await contextOf('201')).newPage(), '201');
  const timers = await HeldTimers.of(station.page, RENEWED_MS);
  const [ada, ben] = await Promise.all([
    phone('101'),
    phone('102'),
    station.open(perch.line(station.number).url),
  ]);
  /** Another page of the browser that is somebody's phone, as a camera opens it. */
  const scan = async ({ page }: Handset, { url }: Shown): Promise<Page> => {
    const camera = await page.context().newPage();
    await camera.goto(url);
    return camera;
  };
  const confirm = (camera: Page) => camera.getByRole('button', { name: word('sign_in_confirm') }).click();
  const type = async (camera: Page, text: string): Promise<void> => {
    await camera.getByLabel(word('sign_in_code')).fill(text);
    await camera.getByRole('button', { name: word('sign_in_continue') }).click();
  };
  const question = (camera: Page) => camera.getByRole('heading', { level: 1, name: 'Front desk' });

  const dialog = station.page.getByRole('dialog');
  const first = nextCode(station.page);
  await station.page.getByRole('button', { name: word('station_code') }).click();
  await expect(station.page.getByRole('img', { name: word('station_code_qr') })).toBeVisible();
  await expect(dialog).toContainText(grouped(await first));

  // Ada looks at the question until the code has expired.
  const adasCamera = await scan(ada, await first);
  await expect(question(adasCamera)).toBeVisible();
  expect(adasCamera.url()).not.toContain('#');
  await perch.pass(1);
  await confirm(adasCamera);
  await expect(adasCamera.getByRole('alert')).toContainText('has expired');
  await station.expectFree();

  // The station shows another one by itself; both ask with it, and the first to confirm is there.
  const second = nextCode(station.page);
  await timers.ripen();
  await expect(dialog).toContainText(grouped(await second));
  await expect(dialog).not.toContainText(grouped(await first));
  await type(adasCamera, grouped(await second).toLowerCase());
  const bensCamera = await scan(ben, await second);
  for (const camera of [adasCamera, bensCamera]) await expect(question(camera)).toBeVisible();
  await confirm(adasCamera);
  await station.expectGuest('Ada', '101');
  await ada.expectAway('Front desk', '201');
  await expect(dialog).toBeHidden();
  await confirm(bensCamera);
  await expect(bensCamera.getByRole('alert')).toContainText('Somebody has signed in with that code already');
  await station.expectGuest('Ada', '101');

  await ben.dial('101');
  await station.expectRinging('Ben', '102');
  await station.answer();
  await ben.expectTalking();
  await ben.hangUp();

  // Tried again once the station is free: it brings nobody back.
  await station.page.getByRole('button', { name: word('leave_desk') }).click();
  await station.expectFree();
  await type(bensCamera, (await second).typed);
  await expect(bensCamera.getByRole('alert')).toContainText('already');
  const again = await scan(ada, await second);
  await expect(again.getByRole('alert')).toContainText('already');
  await station.expectFree();
  await expect(station.page.getByRole('button', { name: word('station_code') })).toBeEnabled();
});
