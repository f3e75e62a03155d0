import { Administrator } from '../../server/tests/support/administrator.ts';
import { DemoServer } from '../../server/tests/support/demo-server.ts';
import { expect, test as base, VOICE } from './support/fixtures.ts';
import { expectTone } from './support/hearing.ts';
import { word } from './support/words.ts';

const test = base.extend<{ readonly perch: DemoServer }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the names of the fixtures that are needed from it
  perch: async ({}, use) => {
    const server = await DemoServer.startLater();
    await use(server);
    await server.stop();
  },
});

/** That long from now, as a clock of UTC shows it. */
const inMinutes = (minutes: number): string =>
  new Date(Date.now() + minutes * 60_000).toISOString().slice(11, 16);

test('a guest whose day ends is asked first, and stays who asks to; nobody is sent home in a call, also where its page is loaded anew', async ({
  perch,
  phone,
}) => {
  const [station, ben] = await Promise.all([phone('201'), phone('102')]);
  const { page } = station;
  const banner = page.getByRole('region', { name: word('stay_ends') });
  const stay = page.getByRole('button', { name: word('stay_extend') });
  const administrator = await Administrator.signIn(perch.organization);
  await administrator.ask('PUT /api/organization/time-zone', { timeZone: 'UTC' });
  const limits = { longestMinutes: null, timeOfDay: inMinutes(5), idleMinutes: null };
  await administrator.ask('PUT /api/organization/stay-limits', limits);

  await station.takeOver(perch.line('103'));
  await test.step('asked for as the page is loaded anew', async () => {
    const loaded = page.waitForEvent('load');
    await stay.evaluate((button: HTMLButtonElement) => {
      button.click();
      location.reload();
    });
    await loaded;
  });
  await station.expectGuest('Chloe', '103');
  await station.expectReady();
  await expect(banner).toHaveCount(0);
  await station.dialReturn();

  await station.takeOver(perch.line('101'));
  await expect(stay).toBeVisible();
  await ben.dial('101');
  await station.answer();
  await expectTone(page, VOICE['102']);
  await perch.pass(16);
  await station.toggleHold();
  await expect(page.getByText(word('stay_ends_after_call'))).toBeVisible();
  await station.toggleHold();
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await station.expectTalking();
  await expectTone(page, VOICE['102']);
  await expect(page.getByText(word('stay_ends_after_call'))).toBeVisible();
  await test.step('their time is over as the page is loaded anew', () =>
    Promise.all([page.reload(), ben.hangUp()]));
  await station.expectFree();
  await expect(page.getByText('The last stay at this desk ended by itself')).toBeVisible();
  await expect(page.locator('body')).not.toContainText(/Ben|Chloe/);
});
