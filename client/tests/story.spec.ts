import { PROMPT_TEXTS } from '@perch/shared';
import { expectTone, expectUtterance, record } from './support/hearing.ts';
import { expect, test, VOICE } from './support/fixtures.ts';

test.use({ serviceWorkers: 'allow' });

test('a shift at the front desk', async ({ perch, phone }) => {
  test.slow();
  const [station, ben, home, chloe] = await Promise.all([
    phone('201'),
    phone('102'),
    phone('101'),
    phone('103'),
  ]);
  const { secretCode } = perch.line('101');

  await test.step('a station page stands open on a shared screen, registered as base extension 201', async () => {
    await station.expectFree();
  });

  await test.step('Ada taps *30101 and the call key, hears "Please enter your secret code", taps her code, hears that 101 is now on this phone', async () => {
    await record(station.page);
    await station.dial('*30101');
    await expectUtterance(station.page, ['enter-code']);
    await station.press(`${secretCode ?? ''}#`);
    await expectUtterance(station.page, ['digit-1', 'digit-0', 'digit-1', 'now-on-this-phone']);
    await station.expectGuest('Ada', '101');
    await station.expectIdle();
  });

  await test.step('Ben (102) calls 101 from his own browser: the station rings, she answers, they talk', async () => {
    await ben.dial('101');
    await station.expectRinging('Ben', '102');
    await station.answer();
    await expectTone(ben.page, VOICE['201']);
    await expectTone(station.page, VOICE['102']);
    await home.expectIdle();
    await ben.hangUp();
    await station.expectIdle();
  });

  await test.step('she calls Ben back: his screen shows Ada, 101', async () => {
    await station.dial('102');
    await ben.expectRinging('Ada', '101');
    await ben.answer();
    await expectTone(station.page, VOICE['102']);
    await expectTone(ben.page, VOICE['201']);
    await station.hangUp();
    await ben.expectIdle();
  });

  await test.step('her own browser at home does not ring and may not dial', async () => {
    await home.expectAway('Front desk', '201');
    await home.expectMayNotDial('102');
    await ben.dial('101');
    await station.expectRinging('Ben', '102');
    await home.expectIdle();
    await station.decline();
    await ben.expectIdle();
  });

  await test.step('a call to 201 reaches its mailbox', async () => {
    await record(chloe.page);
    await chloe.dial('201');
    // Its beginning is lost where the sound takes more than a second to connect, as on a busy machine.
    await expectUtterance(chloe.page, ['digit-1', 'leave-message']);
    await station.expectIdle();
    await chloe.hangUp();
    await chloe.expectIdle();
  });

  await test.step('she dials *30, and everything is as before', async () => {
    await record(station.page);
    await station.dial('*30');
    await expectUtterance(station.page, ['returned-home']);
    await station.expectFree();
    await home.expectHome();
    await ben.dial('101');
    await home.expectRinging('Ben', '102');
    await home.answer();
    await expectTone(ben.page, VOICE['101']);
    await expectTone(home.page, VOICE['102']);
    await ben.hangUp();
    await home.expectIdle();
    await chloe.dial('201');
    await station.expectRinging('Chloe', '103');
    await station.answer();
    await expectTone(chloe.page, VOICE['201']);
    await expectTone(station.page, VOICE['103']);
    await chloe.hangUp();
    await station.expectIdle();
  });
});

test('a call that is declined is over, and one that is sent to voicemail gets the mailbox', async ({
  phone,
}) => {
  const [ada, ben] = await Promise.all([phone('101'), phone('102')]);
  await ada.dial('102');
  await ben.expectRinging('Ada', '101');
  await ben.decline();
  await expect(ada.page.getByText(/declined the call$/)).toBeVisible();
  await ada.expectIdle();
  await ada.dial('102');
  await ben.expectRinging('Ada', '101');
  await ben.toVoicemail();
  await ada.expectSaid(PROMPT_TEXTS.en['leave-message']);
  await ben.expectIdle();
  await ada.hangUp();
  await ada.expectIdle();
});
