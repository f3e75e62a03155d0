import { expect, test, VOICE } from './support/fixtures.ts';
import { Handset } from './support/handset.ts';
import { expectTone, longestSilence, record } from './support/hearing.ts';
import { word } from './support/words.ts';

/** How soon sound is back once the page is (milliseconds). */
const BACK_MS = 2_000;

test('a call outlives its page: reloaded, crashed, and taken over by a second tab', async ({ phone }) => {
  const [ben, ada] = await Promise.all([phone('102'), phone('101')]);
  await ben.dial('101');
  await ada.answer();
  await expectTone(ben.page, VOICE['101']);
  await expectTone(ada.page, VOICE['102']);
  const context = ada.page.context();
  const goesOnIn = async (handset: Handset): Promise<void> => {
    await record(handset.page);
    await handset.expectTalking();
    await expectTone(handset.page, VOICE['102']);
    await expectTone(ben.page, VOICE['101']);
    expect(await longestSilence(handset.page)).toBeLessThan(BACK_MS);
    await ben.expectTalking();
  };

  await test.step('reloaded, muted as it was', async () => {
    await ada.toggleMute();
    ada.page.on('dialog', (dialog) => void dialog.accept());
    await ada.page.reload();
    await record(ada.page);
    await ada.expectTalking();
    await expectTone(ada.page, VOICE['102']);
    expect(await longestSilence(ada.page)).toBeLessThan(BACK_MS);
    await expect(ada.page.getByRole('button', { name: word('unmute'), exact: true })).toBeVisible();
    await ada.toggleMute();
    await expectTone(ben.page, VOICE['101']);
  });

  await test.step('both pages at once, then one of them twice within a second', async () => {
    ben.page.on('dialog', (dialog) => void dialog.accept());
    await Promise.all([ada.page.reload(), ben.page.reload()]);
    await Promise.all([goesOnIn(ada), record(ben.page)]);
    await ada.page.reload({ waitUntil: 'commit' });
    // Between the old document and the new one, Chromium has no page that could be reloaded, and says so.
    await expect(() => ada.page.reload()).toPass({ intervals: [20] });
    await goesOnIn(ada);
    expect(await longestSilence(ben.page)).toBeLessThan(BACK_MS);
  });

  let anew = ada;
  await test.step('crashed: the other side is told, and the next tab goes on with it', async () => {
    const cdp = await context.newCDPSession(ada.page);
    void cdp.send('Page.crash').catch(() => undefined);
    await expect(ben.page.getByText(/lost its connection/)).toBeVisible();
    const page = await context.newPage();
    await page.goto(ada.page.url());
    anew = new Handset(page, '101');
    await goesOnIn(anew);
  });

  await test.step('taken over by a second tab', async () => {
    const page = await context.newPage();
    await page.goto(ada.page.url());
    const second = new Handset(page, '101');
    await page.getByRole('button', { name: word('use_it_here'), exact: true }).click();
    await goesOnIn(second);
    await ben.hangUp();
    await second.expectIdle();
  });
});

test('a person who moves brings the call along, from phone to station to station', async ({
  perch,
  phone,
}) => {
  const [ada, ben, first, second] = await Promise.all([
    phone('101'),
    phone('102'),
    phone('201'),
    phone('202'),
  ]);
  await ada.dial('102');
  await ben.answer();
  await expectTone(ben.page, VOICE['101']);
  const bring = async (station: Handset, voice: number): Promise<void> => {
    await station.takeOver(perch.line('101'));
    const card = station.page.getByRole('region', { name: /^Bring your call with 102 .?Ben.? here\?$/ });
    await expect(card).toBeVisible();
    await record(ben.page);
    await card.getByRole('button', { name: word('bring_call'), exact: true }).click();
    await station.expectTalking();
    await expectTone(station.page, VOICE['102']);
    await expectTone(ben.page, voice);
    expect(await longestSilence(ben.page)).toBeLessThan(1_000);
  };
  await bring(first, VOICE['201']);
  await ada.expectAway('Front desk', '201');
  await bring(second, VOICE['202']);
  await first.expectFree();
  await ben.hangUp();
  await second.expectIdle();
});
