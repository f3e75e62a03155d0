import { PROMPT_TEXTS } from '@perch/shared';
import { FirefoxPhone } from './firefox/firefox-phone.ts';
import { expect, test as base, VOICE } from './support/fixtures.ts';
import { expectSilence, expectTone, expectTones, longestSilence, record } from './support/hearing.ts';
import { firefoxPath } from './support/programs.ts';
import { word } from './support/words.ts';

/** How long nothing is to be heard at most when a call goes on with another person, and while a page is loaded (milliseconds). */
const GAP_MS = 1_000;
const RELOAD_GAP_MS = 2_000;

const test = base.extend<{ readonly firefox: (number: keyof typeof VOICE) => Promise<FirefoxPhone> }>({
  firefox: async ({ perch }, use) => {
    const phones: FirefoxPhone[] = [];
    await use(async (number) => {
      const phone = await FirefoxPhone.open(perch.line(number).url, VOICE[number]);
      phones.push(phone);
      return phone;
    });
    for (const phone of phones) await phone.close();
  },
});

test.skip(firefoxPath === undefined, 'There is no Firefox here: apt-get install firefox-esr.');

test('Firefox at the front desk: it calls, holds, is loaded anew in a call, transfers and is transferred, confers, and Ada moves to it by *30', async ({
  perch,
  phone,
  firefox,
}) => {
  test.slow();
  const [desk, ada, ben] = await Promise.all([firefox('201'), phone('101'), phone('102')]);

  await test.step('it calls', async () => {
    await desk.dial('102');
    await ben.expectRinging('Front desk', '201');
    await ben.answer();
    await expectTone(ben.page, VOICE['201']);
    await desk.expectTone(VOICE['102']);
  });

  await test.step('it holds and resumes, and is held and resumed', async () => {
    await desk.act('hold');
    await expect(ben.page.getByText(word('on_hold_by', { who: '' }).trim())).toBeVisible();
    // Its music takes an audio context, which Firefox runs with an output device only.
    await expectSilence(ben.page);
    await desk.act('unhold');
    await expectTone(ben.page, VOICE['201']);
    await ben.toggleHold();
    await desk.expectText(word('on_hold_by', { who: '' }).trim());
    await ben.toggleHold();
    await desk.expectTone(VOICE['102']);
  });

  await test.step('it is loaded anew in the call, which goes on', async () => {
    await record(ben.page);
    await desk.reload();
    await desk.expectTone(VOICE['102']);
    await expectTone(ben.page, VOICE['201']);
    expect(await longestSilence(ben.page)).toBeLessThan(RELOAD_GAP_MS);
  });

  await test.step('it asks Ada, and connects the two', async () => {
    await desk.chooseTransfer('101');
    await desk.act('transfer_ask');
    await ada.answer();
    await desk.expectTone(VOICE['101']);
    await record(ada.page);
    await desk.act('transfer_complete');
    await expectTone(ben.page, VOICE['101']);
    await expectTone(ada.page, VOICE['102']);
    expect(await longestSilence(ada.page)).toBeLessThan(GAP_MS);
    await desk.expectState('free');
  });

  await test.step('it is asked first, and gets Ben', async () => {
    await ada.chooseTransfer('201');
    await ada.act('transfer_ask');
    await desk.answer();
    await expectTone(ada.page, VOICE['201']);
    await record(ben.page);
    await ada.act('transfer_complete');
    await desk.expectTone(VOICE['102']);
    await expectTone(ben.page, VOICE['201']);
    expect(await longestSilence(ben.page)).toBeLessThan(GAP_MS);
    await ada.expectIdle();
  });

  await test.step('it is sent on to Ada', async () => {
    await ben.chooseTransfer('101');
    await ben.act('transfer_now');
    await ada.answer();
    await record(ada.page);
    await desk.expectTone(VOICE['101']);
    await expectTone(ada.page, VOICE['201']);
    expect(await longestSilence(ada.page)).toBeLessThan(GAP_MS);
    await ben.expectIdle();
  });

  await test.step('it is in a conference with both', async () => {
    await ada.addCall('102');
    await ben.answer();
    await ada.act('join_calls');
    await expectTones(ada.page, [VOICE['102'], VOICE['201']], Object.values(VOICE));
    await expectTones(ben.page, [VOICE['101'], VOICE['201']], Object.values(VOICE));
    await ada.toggleMute();
    await desk.expectTone(VOICE['102']);
    await ben.hangUp();
    await ada.toggleMute();
    await desk.expectTone(VOICE['101']);
    await desk.hangUp();
    await ada.expectIdle();
  });

  await test.step('Ada moves to it by *30 and her code', async () => {
    await desk.dialByKeyboard('*30101');
    await desk.expectText(PROMPT_TEXTS.en['enter-code']);
    await desk.type(`${perch.line('101').secretCode ?? ''}#`);
    await desk.expectState('taken');
    await desk.expectText('Ada');
  });

  await test.step('her calls ring there', async () => {
    await ben.dial('101');
    await desk.answer();
    await desk.expectTone(VOICE['102']);
    await expectTone(ben.page, VOICE['201']);
    await ben.hangUp();
    await desk.expectState('taken');
  });
});
