import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { blockMicrophone, endMicrophone } from './support/device.ts';
import { expect, test, testOfServer, VOICE } from './support/fixtures.ts';
import { expectSilence, expectTone } from './support/hearing.ts';
import { word } from './support/words.ts';

test('leaving a page in a call is asked about, and the next page says what it cut off', async ({ phone }) => {
  const [ben, ada] = await Promise.all([phone('102'), phone('101')]);
  await ben.dial('101');
  await ada.answer();
  await ben.expectTalking();
  const asked = new Promise<string>((resolve) =>
    ben.page.once('dialog', (dialog) => {
      resolve(dialog.type());
      void dialog.accept();
    }),
  );
  const address = ben.page.url();
  await ben.page.goto('about:blank');
  expect(await asked).toBe('beforeunload');
  await ada.hangUp();
  await ben.page.goto(address);
  await expect(ben.page.getByText(/101 .?Ada.? was cut off by reloading/)).toBeVisible();
  await ada.expectIdle();
  await ben.page.getByRole('button', { name: word('call_back'), exact: true }).click();
  await ada.expectRinging('Ben', '102');
  await ben.hangUp();
  await ada.expectIdle();
  await expect(ada.page).toHaveTitle('(1) 101 · Perch');
  await expect(ada.page.getByRole('tab', { name: /1 missed call/ })).toBeVisible();
});

test('a microphone that dies in a call is replaced by the next one; muted, it still notices speech; blocked, the call goes on until it is allowed', async ({
  phone,
}) => {
  const [ben, ada] = await Promise.all([phone('102'), phone('101')]);
  await ben.dial('101');
  await ada.answer();
  await expectTone(ada.page, VOICE['102']);
  await endMicrophone(ben.page);
  await expect(ben.page.getByText(/Your microphone stopped working\. Now using/).first()).toBeVisible({
    timeout: 2_000,
  });
  await expectTone(ada.page, VOICE['102']);
  await ben.toggleMute();
  await expect(ben.page.getByText(word('you_speak_muted'))).toBeVisible();
  await expectSilence(ada.page);
  await ben.toggleMute();
  await expectTone(ada.page, VOICE['102']);
  const allow = await blockMicrophone(ben.page);
  await expect(ben.page.getByText(word('microphone_refused_address'))).toBeVisible();
  await expect(ben.page.getByRole('button', { name: word('mute'), exact: true })).toHaveCount(0);
  await expectSilence(ada.page);
  await expectTone(ben.page, VOICE['101']);
  await allow();
  await expectTone(ada.page, VOICE['102']);
  await expect(ben.page.getByText(word('microphone_refused_address'))).toHaveCount(0);
  await ben.hangUp();
  await ada.expectIdle();
});

test('a call does not wait for a STUN server that does not answer', async ({ phone }) => {
  const stun = createSocket('udp4').bind(0);
  await once(stun, 'listening');
  const address = Object.values(networkInterfaces())
    .flat()
    .find((found) => found?.family === 'IPv4' && !found.internal);
  const urls = `stun:${address?.address ?? '127.0.0.1'}:${String(stun.address().port)}`;
  const [ben, ada] = await Promise.all([phone('102'), phone('101')]);
  await ben.page.route('**/api/terminal', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({
      response: answer,
      json: { ...((await answer.json()) as object), iceServers: [{ urls }] },
    });
  });
  await ben.page.addInitScript(() => {
    const { RTCPeerConnection } = globalThis;
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        Object.assign(globalThis, { connection: this });
      }
    };
  });
  const refreshed = ben.page.waitForResponse('**/api/terminal');
  await ben.page.reload();
  await refreshed;
  await ben.expectReady();
  await ben.dial('101');
  await ada.expectRinging('Ben', '102');
  const gathering = await ben.page.evaluate(
    () => (globalThis as unknown as { connection: RTCPeerConnection }).connection.iceGatheringState,
  );
  expect(gathering).toBe('gathering');
  await ada.answer();
  await expectTone(ada.page, VOICE['102']);
  await ben.hangUp();
  await ada.expectIdle();
  stun.close();
});

testOfServer(
  'a recording without a microphone says so; one that the server cannot hear has stopped, and is saved once it is back',
  async ({ perch, phone }) => {
    const ben = await phone('102');
    await ben.speakToMailbox('103');
    await endMicrophone(ben.page, { last: true });
    await expect(ben.page.getByText(word('microphone_lost_help'))).toBeVisible({ timeout: 2_000 });
    await expect(ben.page.getByText(word('mailbox_call_recording_unheard'))).toBeVisible();
    await perch.kill();
    await expect(ben.page.getByText(word('mailbox_call_recording_cut'))).toBeVisible({ timeout: 2_000 });
    await perch.startAgain();
    await expect(ben.page.getByText(/^Your message for 103 .* up to 0:\d\d is saved$/)).toBeVisible({
      timeout: 20_000,
    });
    await ben.expectIdle();
  },
);
