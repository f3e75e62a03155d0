import { PROMPT_TEXTS } from '@perch/shared';
import { endMicrophone } from './support/device.ts';
import { expect, test, testOfServer, VOICE } from './support/fixtures.ts';
import { expectTone, expectUtterance, longestSilence, record } from './support/hearing.ts';
import { Mailbox } from './support/mailbox.ts';
import { word } from './support/words.ts';

/** Within this, a page says that a microphone has ended (milliseconds). */
const NOTICED_MS = 2_000;
/** How long nothing is to be heard at most where another microphone takes over (milliseconds). */
const GAP_MS = 1_000;

test('a message for a person who is away is heard in the browser, deleted, and taken back: all of it, though a microphone ended', async ({
  phone,
}) => {
  const ben = await phone('102');
  await record(ben.page);
  await ben.dial('101');
  await expectUtterance(ben.page, ['leave-message', 'beep']);
  await endMicrophone(ben.page);
  await expect(ben.page.getByText(/Your microphone stopped working\. Now using/).first()).toBeVisible({
    timeout: NOTICED_MS,
  });
  await ben.expectRecorded();
  await ben.choose('finish_recording');
  await expectUtterance(ben.page, ['message-saved']);
  await ben.expectIdle();

  const ada = await phone('101');
  const mailbox = new Mailbox(ada.page);
  await mailbox.expectNew(1);
  await mailbox.open();
  await record(ada.page, 'recording');
  await mailbox.play(0);
  await mailbox.expectPlays(VOICE['102']);
  await mailbox.expectPlayed();
  expect(await longestSilence(ada.page)).toBeLessThan(GAP_MS);
  await mailbox.expectNew(0);

  await mailbox.delete();
  await expect(mailbox.messages).toHaveCount(0);
  await mailbox.undo();
  await expect(mailbox.messages).toHaveCount(1);
  await ada.page.reload();
  await ada.expectReady();
  await mailbox.open();
  await mailbox.play(0);
  await mailbox.expectPlays(VOICE['102']);
});

test('a message for a desk with a guest is the desk’s: the guest sees no lamp, the desk plays it by *97', async ({
  perch,
  phone,
  leaveMessage,
}) => {
  const [station, ada] = await Promise.all([phone('201'), phone('101')]);
  await station.takeOver(perch.line('101'));
  await leaveMessage('102', '201');
  const [atStation, atHome] = [new Mailbox(station.page), new Mailbox(ada.page)];
  await atStation.expectNew(0);
  await atHome.expectNew(0);
  await station.dialReturn();
  await station.expectFree();
  await atStation.expectNew(1);
  await station.dial('*97');
  await expectTone(station.page, VOICE['102']);
  await station.expectSaid(PROMPT_TEXTS.en['message-menu']);
  await station.choose('leave');
  await station.expectFree();
  await atStation.expectNew(0);
});

test('the next person at a phone where someone listened by *97 sees nothing of that mailbox', async ({
  perch,
  phone,
  leaveMessage,
}) => {
  await leaveMessage('102', '101');
  const [station, ada] = await Promise.all([phone('201'), phone('101')]);
  await station.takeOver(perch.line('101'));
  await station.dial('*97');
  await station.expectSaid(PROMPT_TEXTS.en['enter-pin']);
  await station.press(`${perch.line('101').voicemailPin ?? ''}#`);
  await expectTone(station.page, VOICE['102']);
  await expect(station.page.getByText('Ben')).toBeVisible();
  await ada.page
    .getByRole('button', { name: word('take_back').replace('{number}', '101'), exact: true })
    .click();
  await ada.expectHome();
  await expect(station.page.getByText(/Ada|Ben/)).toHaveCount(0);
  await station.hangUp();
  await station.expectFree();
});

test('the lamp follows its extension to a station, where it takes a PIN to listen, and back', async ({
  perch,
  phone,
  leaveMessage,
}) => {
  await leaveMessage('102', '101');
  const [ada, station] = await Promise.all([phone('101'), phone('201')]);
  const [atHome, atStation] = [new Mailbox(ada.page), new Mailbox(station.page)];
  await atHome.expectNew(1);
  await atStation.expectNew(0);

  await station.takeOver(perch.line('101'));
  await atStation.expectNew(1);
  await atHome.expectNew(0);
  await atStation.open();
  await expect(atStation.messages).toHaveCount(0);
  await atStation.unlock('1470');
  await expect(station.page.getByText(/PIN is not right|wrong/i)).toBeVisible();
  await atStation.unlock(perch.line('101').voicemailPin ?? '');
  await atStation.play(0);
  await atStation.expectPlays(VOICE['102']);

  await station.dialReturn();
  await station.expectFree();
  await expect(atStation.messages).toHaveCount(0);
  await expect(station.page.locator('#recording-audio')).toHaveCount(0);
  expect(await station.stored()).not.toContain('Ben');
  await atHome.open();
  await expect(atHome.messages).toHaveCount(1);
});

test('*97 walks through the messages by its keys', async ({ perch, phone, leaveMessage }) => {
  await leaveMessage('102', '101');
  await leaveMessage('103', '101');
  const station = await phone('201');
  await station.takeOver(perch.line('101'));

  await test.step('a PIN is asked for, and newest comes first', async () => {
    await station.dial('*97');
    await station.expectSaid(PROMPT_TEXTS.en['enter-pin']);
    await station.press(`${perch.line('101').voicemailPin ?? ''}#`);
    await expectTone(station.page, VOICE['103']);
  });
  await test.step('1 plays it again, 2 goes on, 3 deletes', async () => {
    await station.choose('again');
    await expectTone(station.page, VOICE['103']);
    await station.choose('next');
    await expectTone(station.page, VOICE['102']);
    await station.choose('delete');
    await station.expectSaid(PROMPT_TEXTS.en['no-more-messages']);
    await station.choose('leave');
    await station.expectGuest('Ada', '101');
  });
});

test('a greeting recorded by *97 is what callers hear', async ({ perch, phone }) => {
  const [station, ben] = await Promise.all([phone('201'), phone('102')]);
  await station.takeOver(perch.line('101'));
  await test.step('0 records a greeting, which is listened to and used', async () => {
    await station.dial('*97');
    await station.expectSaid(PROMPT_TEXTS.en['enter-pin']);
    await station.press(`${perch.line('101').voicemailPin ?? ''}#`);
    await station.choose('record_greeting');
    await station.choose('skip');
    await station.expectRecorded();
    await station.choose('finish_recording');
    await station.choose('listen_greeting');
    await expectTone(station.page, VOICE['201']);
    await station.choose('use_greeting');
    await station.expectSaid(PROMPT_TEXTS.en['greeting-saved']);
    await station.choose('leave');
    await station.expectGuest('Ada', '101');
  });
  await test.step('callers hear that greeting', async () => {
    await station.dialReturn();
    await station.expectFree();
    await ben.dial('101');
    await expectTone(ben.page, VOICE['201']);
    await ben.hangUp();
    await ben.expectIdle();
  });
});

test('calling back from *97 is a call of one’s own', async ({ phone }) => {
  const [ada, ben] = await Promise.all([phone('101'), phone('102')]);
  await ben.dial('101');
  await ada.expectRinging('Ben', '102');
  await ada.toVoicemail();
  await ben.choose('skip');
  await ben.expectRecorded();
  await ben.hangUp();
  await expect(ben.page.getByText('Your message for 101 \u2068Ada\u2069 is saved')).toBeVisible();
  await ben.expectIdle();
  await ada.dial('*97');
  await expectTone(ada.page, VOICE['102']);
  await ada.choose('call_back');
  await ben.expectRinging('Ada', '101');
  await ben.answer();
  await expectTone(ada.page, VOICE['102']);
  await expectTone(ben.page, VOICE['101']);
  await ben.hangUp();
  await ada.expectIdle();
});

test('a caller who is disconnected leaves a complete message', async ({ phone }) => {
  const ben = await phone('102');
  await ben.speakToMailbox('101');
  const dying = ben.page.waitForEvent('crash');
  await ben.page.goto('chrome://crash').catch(() => undefined);
  await dying;
  const ada = await phone('101');
  const mailbox = new Mailbox(ada.page);
  await mailbox.expectNew(1, 30_000);
  await mailbox.open();
  await mailbox.play(0);
  await mailbox.expectPlays(VOICE['102']);
});

testOfServer(
  'kill -9 while a message is recorded leaves it playable, and in its mailbox',
  async ({ perch, phone }) => {
    const ben = await phone('102');
    await ben.speakToMailbox('101');
    await perch.kill();
    await perch.startAgain();
    await ben.expectReady();
    await ben.expectIdle();
    const ada = await phone('101');
    const mailbox = new Mailbox(ada.page);
    await mailbox.expectNew(1);
    await mailbox.open();
    await mailbox.play(0);
    await mailbox.expectPlays(VOICE['102']);
  },
);

test('a greeting recorded in the browser is what callers hear, until it is removed', async ({ phone }) => {
  const [ada, ben] = await Promise.all([phone('101'), phone('102')]);
  const mailbox = new Mailbox(ada.page);
  await mailbox.open();
  await ada.page.getByRole('button', { name: word('voicemail_setup_own') }).click();
  await ada.page.getByRole('button', { name: word('voicemail_record'), exact: true }).click();
  await expect(ada.page.getByText(/0:01/)).toBeVisible();
  await endMicrophone(ada.page);
  await expect(ada.page.getByText(word('microphone_lost_help'))).toBeVisible({ timeout: NOTICED_MS });
  await mailbox.listen();
  await mailbox.expectPlays(VOICE['101']);
  await ada.page.getByRole('button', { name: word('voicemail_record_again'), exact: true }).click();
  await expect(ada.page.getByText(/0:03/)).toBeVisible({ timeout: 15_000 });
  await ada.page.getByRole('button', { name: word('voicemail_record_stop'), exact: true }).click();
  await ada.page.getByRole('button', { name: word('voicemail_use'), exact: true }).click();
  await expect(ada.page.getByText(word('voicemail_greeting_own'))).toBeVisible({ timeout: 15_000 });
  await ada.page.keyboard.press('Escape');

  await ben.dial('101');
  await ada.expectRinging('Ben', '102');
  await ada.toVoicemail();
  await expectTone(ben.page, VOICE['101']);
  await ben.hangUp();
  await ben.expectIdle();
  await ada.page.getByRole('button', { name: word('voicemail_setup_own') }).click();
  await ada.page.getByRole('button', { name: word('voicemail_remove'), exact: true }).click();
  await expect(ada.page.getByText(word('voicemail_greeting_standard'))).toBeVisible();
});
