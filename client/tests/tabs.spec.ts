import { BareBrowser } from './support/bare-browser.ts';
import { expect, test, VOICE } from './support/fixtures.ts';
import { Handset } from './support/handset.ts';
import { expectTone, expectTones } from './support/hearing.ts';
import { word } from './support/words.ts';

test('two tabs: one is the phone, the other shows its calls and can act; when the first crashes, the second is the phone at once', async ({
  perch,
  phone,
}) => {
  const [ada, ben, chloe] = await Promise.all([phone('101'), phone('102'), phone('103')]);
  const waiting = word('elsewhere_title').replace('{number}', '101');
  const second = new Handset(await ada.page.context().newPage(), '101');
  await second.page.goto(new URL('/phone/101', perch.line('101').url).href);
  await expect(second.page.getByRole('heading', { name: waiting })).toBeVisible();
  await ben.dial('101');
  await ada.expectRinging('Ben', '102');
  await expect(second.page.getByRole('region', { name: /Ben/ })).toBeVisible();
  await second.answer();
  await ada.expectTalking();
  await ben.expectTalking();
  await second.toggleMute();
  await expect(ada.page.getByRole('button', { name: word('unmute'), exact: true })).toBeVisible();
  await second.hangUp();
  await ben.expectIdle();

  /** A key of a call, in the tab that is not the phone. */
  const press = (who: RegExp, key: string): Promise<void> =>
    second.page
      .getByRole('region', { name: who })
      .getByRole('button', { name: word(key), exact: true })
      .click();
  const callBen = async (): Promise<void> => {
    await second.page.getByRole('textbox').fill('be');
    await second.page.getByRole('button', { name: /^Choose 102 Ben/ }).click();
    await second.act('call');
    await ben.answer();
    await expectTone(ben.page, VOICE['101']);
  };

  await test.step('Chloe is asked, the calls are swapped there and back, and Ben is sent on to her', async () => {
    await callBen();
    await press(/Ben/, 'transfer');
    await second.page.getByRole('textbox').first().fill('103');
    await press(/Ben/, 'transfer_ask');
    await chloe.answer();
    await expectTone(chloe.page, VOICE['101']);
    await press(/Ben/, 'swap');
    await expectTone(ben.page, VOICE['101']);
    await press(/Chloe/, 'swap');
    await expectTone(chloe.page, VOICE['101']);
    await press(/Ben/, 'transfer_complete');
    await expectTone(ben.page, VOICE['103']);
    await ada.expectIdle();
    await ben.hangUp();
  });

  await test.step('two calls are joined', async () => {
    await callBen();
    await second.page.getByRole('textbox').fill('103');
    await second.act('call');
    await chloe.answer();
    await press(/Ben/, 'join_calls');
    await expectTones(ben.page, [VOICE['101'], VOICE['103']], Object.values(VOICE));
    await second.hangUp();
    await ben.hangUp();
    await chloe.expectIdle();
  });

  await callBen();
  await second.act('park');
  await expect(ada.page.getByText(/is parked at 1$/)).toBeVisible();
  await ben.hangUp();

  const crash = await ada.page.context().newCDPSession(ada.page);
  void crash.send('Page.crash').catch(() => undefined);
  await second.expectReady();
  await ben.dial('101');
  await second.expectRinging('Ben', '102');
});

test('a page that comes back from the back/forward cache is the phone again, and right', async ({
  perch,
  phone,
}) => {
  const [station, ben] = await Promise.all([
    BareBrowser.open(perch.line('201').url, VOICE['201']),
    phone('102'),
  ]);
  try {
    await station.expectText(word('health_ready'));
    await station.value(
      `window.isTheSame = true; addEventListener('pageshow', ({ persisted }) => { window.wasKept = persisted; });`,
    );
    await station.value(`location.assign('/')`);
    await expect.poll(() => station.value('location.pathname')).toBe('/');
    await expect(ben.page.getByRole('button', { name: /^Call 201 / })).toContainText(
      word('presence_offline'),
    );
    await station.value('history.back()');
    await station.expectText(word('health_ready'), 5_000);
    expect(await station.value('[window.isTheSame, window.wasKept]')).toEqual([true, true]);
    await ben.dial('201');
    await station.expectText('Ben');
  } finally {
    await station.close();
  }
});
