import { mkdtemp, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { HOLD_DRONE } from '../src/media/hold-music.ts';
import { Baresip } from './baresip/baresip.ts';
import { chromiumPath, FLAGS, voiceFlags } from './support/chromium.ts';
import { expect, test as base, VOICE } from './support/fixtures.ts';
import { Handset } from './support/handset.ts';
import { expectSilence, expectTone, expectTones, longestSilence, record } from './support/hearing.ts';
import { Mailbox } from './support/mailbox.ts';
import { baresipPath } from './support/programs.ts';
import { writeTone } from './support/tone.ts';

/** The tone of a mailbox, after which one speaks, in Hz. */
const BEEP = 1000;

const addressed = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .some(({ internal, family }) => !internal && family === 'IPv4');

interface Fixtures {
  /**
   * The page of an extension, in a browser without media on the loopback: baresip 1.0 takes one path of several for another caller. All
   * have one browser, and so the voice of 102.
   */
  readonly handset: (number: '101' | '102') => Promise<Handset>;
  /** A baresip of that extension's. */
  readonly baresip: (number: '103' | '201') => Promise<Baresip>;
}

const test = base.extend<Fixtures>({
  handset: async ({ perch }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'perch-voice-'));
    const wav = join(folder, 'ben.wav');
    await writeTone(wav, VOICE['102']);
    const flags = voiceFlags(wav).filter((flag) => !flag.includes('loopback'));
    const browser = await chromium.launch({
      ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
      args: [...FLAGS, ...flags],
      ignoreDefaultArgs: ['--mute-audio'],
    });
    await use(async (number) => {
      const context = await browser.newContext({ permissions: ['microphone'] });
      await context.addInitScript(() => {
        const soundProcessing = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
        localStorage.setItem('perch.settings', JSON.stringify({ introduced: true, soundProcessing }));
      });
      const opened = new Handset(await context.newPage(), number);
      await opened.open(perch.line(number).url);
      return opened;
    });
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  },

  baresip: async ({ perch }, use) => {
    const phones: Baresip[] = [];
    await use(async (number) => {
      const phone = await Baresip.start(perch, number, VOICE[number]);
      phones.push(phone);
      return phone;
    });
    for (const phone of phones) await phone.stop();
  },
});

test.skip(baresipPath === undefined, 'There is no baresip here: apt-get install baresip-core.');
test.skip(!addressed, 'baresip needs an IPv4 address besides the loopback.');

test('baresip registers, calls and is called, holds, has two calls, transfers and is transferred, confers, parks, leaves a message, and is moved to by *30', async ({
  perch,
  handset,
  baresip,
}) => {
  const [desk, chloe, ada, ben] = await Promise.all([
    baresip('201'),
    baresip('103'),
    handset('101'),
    handset('102'),
  ]);

  await test.step('it calls, hears and is heard', async () => {
    await desk.dial('102');
    await ben.expectRinging('Front desk', '201');
    await ben.answer();
    await expectTone(ben.page, VOICE['201']);
    await desk.expectTone(VOICE['102']);
  });

  await test.step('it holds and resumes', async () => {
    await desk.hold();
    await expectSilence(ben.page);
    await desk.resume();
    await expectTone(ben.page, VOICE['201']);
    await desk.expectTone(VOICE['102']);
  });

  await test.step('it transfers the call to another baresip, and is out of it', async () => {
    await desk.transfer('103');
    await chloe.expectRinging();
    await chloe.answer();
    await expectTone(ben.page, VOICE['103']);
    await chloe.expectTone(VOICE['102']);
    await desk.expectIdle();
    await ben.hangUp();
    await chloe.expectIdle();
  });

  await test.step('it is called during a call, answers, and goes back to the first one', async () => {
    await desk.dial('102');
    await ben.expectRinging('Front desk', '201');
    await ben.answer();
    await expectTone(ben.page, VOICE['201']);
    // What it hears of each call is kept under the second in which the call began.
    await desk.speak(1);
    await chloe.dial('201');
    await desk.expectRinging();
    // It puts the first call on hold.
    await desk.answer();
    await desk.expectTone(VOICE['103']);
    await chloe.expectTone(VOICE['201']);
    await expectSilence(ben.page);
    await desk.expectCalls(2);
    await desk.swap();
    await expectTone(ben.page, VOICE['201']);
    await chloe.hangUp();
    await desk.expectCalls(1);
  });

  await test.step('it asks Ada first, connects the two, and is out of it', async () => {
    await desk.hold();
    await desk.dial('101');
    await ada.expectRinging('Front desk', '201');
    await ada.answer();
    await expectTone(ada.page, VOICE['201']);
    await desk.expectTone(VOICE['102']);
    for (const phone of [ada, ben]) await record(phone.page);
    await desk.connect();
    for (const phone of [ada, ben]) {
      await expectTone(phone.page, VOICE['102']);
      expect(await longestSilence(phone.page)).toBeLessThan(1_000);
    }
    await desk.expectIdle();
    await ben.hangUp();
    await ada.expectIdle();
  });

  // A path of its own to another peer takes another session, for which baresip calls once more.
  await test.step('it is called, hears and is heard, and is sent on to Ada', async () => {
    await ben.dial('201');
    await desk.expectRinging();
    await desk.answer();
    await desk.expectTone(VOICE['102']);
    await expectTone(ben.page, VOICE['201']);
    await ben.chooseTransfer('101');
    await ben.act('transfer_now');
    await ada.expectRinging('Front desk', '201');
    await ada.answer();
    await expectTone(ada.page, VOICE['201']);
    await desk.expectTone(VOICE['102']);
    await ben.expectIdle();
  });

  await test.step('it is in a conference with both', async () => {
    await ada.addCall('102');
    await ben.answer();
    await ada.act('join_calls');
    for (const { page } of [ada, ben])
      await expectTones(page, [VOICE['102'], VOICE['201']], Object.values(VOICE));
    await desk.expectTone(VOICE['102']);
    await ada.hangUp();
    await expectTone(ben.page, VOICE['201']);
    await ben.hangUp();
    await desk.expectIdle();
  });

  await test.step('it is asked first, and talks to the one who was asked for', async () => {
    await ben.dial('101');
    await ada.answer();
    await expectTone(ben.page, VOICE['102']);
    await ada.chooseTransfer('201');
    await ada.act('transfer_ask');
    await desk.expectRinging();
    await desk.answer();
    await desk.expectTone(VOICE['102']);
    await ada.act('transfer_complete');
    await ada.expectIdle();
    await expectTone(ben.page, VOICE['201']);
  });

  await test.step('it parks the call, and picks it up', async () => {
    await desk.transfer('*68');
    await desk.expectIdle();
    await expectTone(ben.page, HOLD_DRONE);
    await desk.dial('*691');
    await expectTone(ben.page, VOICE['201']);
    await desk.expectTone(VOICE['102']);
  });

  // Neither would follow the other: their sound goes through the server.
  await test.step('it is parked by a page, picked up by another baresip, and both hear each other', async () => {
    await ben.act('park');
    await desk.expectHoldMusic();
    await chloe.dial('*691');
    await desk.expectTone(VOICE['103']);
    await chloe.expectTone(VOICE['201']);
    await chloe.hangUp();
    await desk.expectIdle();
  });

  await test.step('it leaves a message, which is listed and has its sound', async () => {
    await desk.dial('102');
    await ben.expectRinging('Front desk', '201');
    await ben.toVoicemail();
    await desk.expectSound();
    await desk.press('#');
    await desk.expectTone(BEEP);
    await desk.speak(2);
    await desk.hangUp();
    await desk.expectIdle();
    const mailbox = new Mailbox(ben.page);
    await mailbox.expectNew(1);
    await mailbox.open();
    await mailbox.play(0);
    await mailbox.expectPlays(VOICE['201']);
  });

  await test.step('Ben moves to it by *30 and his code, and his calls ring there', async () => {
    await desk.dial('*30102');
    await desk.expectSound();
    await desk.press(`${perch.line('102').secretCode ?? ''}#`);
    await ben.expectAway('Front desk', '201');
    await desk.hangUp();
    await desk.expectIdle();
    await chloe.dial('102');
    await desk.expectRinging();
    await desk.answer();
    await chloe.expectTone(VOICE['201']);
    await desk.expectTone(VOICE['103']);
    await chloe.hangUp();
    await desk.expectIdle();
  });

  await test.step('*30 brings him back', async () => {
    await desk.dial('*30');
    await ben.expectHome();
  });
});
