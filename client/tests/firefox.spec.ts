import { PROMPT_TEXTS } from '@perch/shared';
import { FirefoxPhone } from './firefox/firefox-phone.ts';
import { test as base, VOICE } from './fixtures.ts';
import { expectTone } from './hearing.ts';
import { firefoxPath } from './programs.ts';

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

test('Firefox at the front desk: it calls and is called, hears and is heard, and Ada moves to it by *30', async ({
  perch,
  phone,
  firefox,
}) => {
  const [desk, ben] = await Promise.all([firefox('201'), phone('102')]);

  await test.step('it calls', async () => {
    await desk.dial('102');
    await ben.expectRinging('Front desk', '201');
    await ben.answer();
    await expectTone(ben.page, VOICE['201']);
    await desk.expectTone(VOICE['102']);
    await desk.hangUp();
    await ben.expectIdle();
  });

  await test.step('Ada moves to it by *30 and her code', async () => {
    await desk.dial('*30101');
    await desk.expectText(PROMPT_TEXTS['enter-code']);
    await desk.press(`${perch.line('101').secretCode ?? ''}#`);
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
