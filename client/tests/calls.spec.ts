import type { Page } from '@playwright/test';
import { HOLD_DRONE } from '../src/media/hold-music.ts';
import { expect, test, VOICE } from './support/fixtures.ts';
import { Handset } from './support/handset.ts';
import { expectSilence, expectTone, expectTones, longestSilence, record } from './support/hearing.ts';
import { refusalsOf } from './support/signalling.ts';
import { word } from './support/words.ts';

// One after the other: up to four phones each, and gaps are measured.
test.describe.configure({ mode: 'default' });

/** How long nothing is to be heard at most when a call goes on with another person (milliseconds). */
const GAP_MS = 1_000;
/** How often both press Hold in the same instant, and as often take each other back. */
const ROUNDS = 20;

test('mute is heard as silence, hold as music, mute survives it, and both holding at once never ends the call', async ({
  perch,
  contextOf,
  phone,
}) => {
  test.slow();
  const page = await (await contextOf('101')).newPage();
  const crossed = refusalsOf(page, 491);
  const ada = new Handset(page, '101');
  const [ben] = await Promise.all([phone('102'), ada.open(perch.line('101').url)]);
  await ada.dial('102');
  await ben.answer();
  await expectTone(ben.page, VOICE['101']);
  await ada.toggleMute();
  await expectSilence(ben.page);
  await expectTone(ada.page, VOICE['102']);
  await ada.toggleMute();
  await expectTone(ben.page, VOICE['101']);

  await ada.toggleMute();
  await ada.toggleHold();
  await expect(ben.page.getByText(word('on_hold_by', { who: '' }).trim())).toBeVisible();
  await expect(ada.page.getByText(word('on_hold'))).toBeVisible();
  await expectTone(ben.page, HOLD_DRONE);
  await ada.toggleHold();
  await expectSilence(ben.page);
  await expectTone(ada.page, VOICE['102']);
  await ada.toggleMute();
  await expectTone(ben.page, VOICE['101']);

  const pages = [ada.page, ben.page];
  const pressHold = await togetherIn(pages);
  for (let round = 0; round < ROUNDS; round++) {
    for (const held of ['by both', 'by nobody'] as const) {
      await pressHold();
      await Promise.all(pages.map((one) => one.waitForFunction(isHeld, held, { polling: 20 })));
    }
  }
  expect(crossed()).toBeGreaterThan(0);
  await expectTone(ben.page, VOICE['101']);
  await expectTone(ada.page, VOICE['102']);
  await ada.hangUp();
  await ben.expectIdle();
});

test('a second caller waits, is answered with the first on hold, and they are swapped', async ({ phone }) => {
  test.slow();
  const [ada, ben, chloe] = await Promise.all([phone('101'), phone('102'), phone('103')]);
  const { page } = ada;
  await ben.dial('101');
  await ada.answer();
  await expectTone(ben.page, VOICE['101']);
  await chloe.dial('101');
  await ada.expectRinging('Chloe', '103');
  await ada.expectTalking();
  await expectTone(ben.page, VOICE['101']);
  await ada.act('hold_and_answer');
  await expectTone(chloe.page, VOICE['101']);
  await expectTone(page, VOICE['103']);
  await expectTone(ben.page, HOLD_DRONE);
  await page.keyboard.press('Alt+Shift+S');
  await expectTone(ben.page, VOICE['101']);
  await expectTone(page, VOICE['102']);
  await expectTone(chloe.page, HOLD_DRONE);
  await ada.hangUp();
  await ben.expectIdle();
  await expect(page.getByText(word('on_hold'))).toBeVisible();
  await ada.act('unhold');
  await expectTone(chloe.page, VOICE['101']);
  await chloe.hangUp();
  await ada.expectIdle();
});

test('a call is sent on at once, and after asking; who does not answer gives it back', async ({ phone }) => {
  test.slow();
  const [ada, ben, chloe] = await Promise.all([phone('101'), phone('102'), phone('103')]);
  await ben.dial('101');
  await ada.answer();
  await expectTone(ben.page, VOICE['101']);

  await test.step('a call that rings there is taken back; the person who is sent it again declines: the caller is back', async () => {
    await ada.chooseTransfer('103');
    await ada.act('transfer_now');
    await chloe.expectRinging('Ben', '102');
    await expectTone(ben.page, HOLD_DRONE);
    await ada.act('transfer_take_back');
    await chloe.expectIdle();
    await expectTone(ben.page, VOICE['101']);
    await ada.chooseTransfer('103');
    await ada.act('transfer_now');
    await chloe.expectRinging('Ben', '102');
    await chloe.decline();
    await expect(ada.page.getByText(/declined the call\. You are talking to .* again\./)).toBeVisible();
    await expectTone(ben.page, VOICE['101']);
  });

  await test.step('the person who is asked takes it', async () => {
    await ada.chooseTransfer('103');
    await ada.act('transfer_ask');
    await chloe.answer();
    await expectTone(chloe.page, VOICE['101']);
    await expectTone(ben.page, HOLD_DRONE);
    for (const { page } of [ben, chloe]) await record(page);
    await ada.act('transfer_complete');
    await expectTone(chloe.page, VOICE['102']);
    await expectTone(ben.page, VOICE['103']);
    for (const { page } of [ben, chloe]) expect(await longestSilence(page)).toBeLessThan(GAP_MS);
    await ada.expectIdle();
  });

  await test.step('Chloe sends it back at once', async () => {
    await chloe.chooseTransfer('101');
    await record(ben.page);
    await chloe.act('transfer_now');
    await ada.answer();
    await record(ada.page);
    await expectTone(ben.page, VOICE['101']);
    await expectTone(ada.page, VOICE['102']);
    for (const { page } of [ben, ada]) expect(await longestSilence(page)).toBeLessThan(GAP_MS);
    await chloe.expectIdle();
  });

  await test.step('Ada parks it and takes it back, parks it again, and Chloe picks it up from her page', async () => {
    await ada.act('park');
    await ada.expectIdle();
    await expect(ben.page.getByText(/has parked you at 1/)).toBeVisible();
    await expectTone(ben.page, HOLD_DRONE);
    await record(ben.page);
    await ada.act('parked_take_back');
    await expectTone(ada.page, VOICE['102']);
    await expectTone(ben.page, VOICE['101']);
    expect(await longestSilence(ben.page)).toBeLessThan(GAP_MS);
    await expect(chloe.page.getByRole('button', { name: /^Pick up/ })).toHaveCount(0);
    await ada.page.keyboard.press('Alt+Shift+P');
    await record(ben.page);
    await chloe.page.getByRole('button', { name: /^Pick up .* at 1$/ }).click();
    await expectTone(chloe.page, VOICE['102']);
    await expectTone(ben.page, VOICE['103']);
    expect(await longestSilence(ben.page)).toBeLessThan(GAP_MS);
    await expect(ada.page.getByText(/is parked at 1/)).toHaveCount(0);
  });
  await chloe.hangUp();
  await ben.expectIdle();
});

test('four hear each other in a conference, and when one has left and is back', async ({ phone }) => {
  test.slow();
  const [ada, ben, chloe, dev] = await Promise.all([phone('101'), phone('102'), phone('103'), phone('104')]);
  const people = ada.page.getByRole('list', { name: word('conference_people') });
  /** Ada calls one more person, who joins. Nobody is without sound for longer than a moment. */
  const add = async (joining: Handset, present: readonly Handset[]): Promise<void> => {
    await ada.addCall(joining.number);
    await joining.answer();
    await Promise.all([expectVoices([ada, joining]), expectVoices(present)]);
    const all = [ada, joining, ...present];
    for (const { page } of all) await record(page);
    await ada.act('join_calls');
    await expectVoices(all);
    for (const { page } of all) expect(await longestSilence(page)).toBeLessThan(GAP_MS);
  };

  await ben.dial('101');
  await ada.answer();
  await expectVoices([ada, ben]);
  await ada.addCall('103');
  await chloe.answer();
  await ada.act('join_calls');
  await expectVoices([ada, ben, chloe]);
  await add(dev, [ben, chloe]);
  for (const name of ['Ben', 'Chloe', 'Dev']) await expect(people).toContainText(name);
  await ben.hangUp();
  await expect(people).not.toContainText('Ben');
  await expectVoices([ada, chloe, dev]);
  await add(ben, [chloe, dev]);
  await expect(people).toContainText('Ben');
  await ada.hangUp();
  await expectVoices([ben, chloe, dev]);
});

/** Presses the shortcut of Hold in all pages in the same instant. */
async function togetherIn(pages: readonly Page[]): Promise<() => Promise<void>> {
  const devTools = await Promise.all(pages.map((page) => page.context().newCDPSession(page)));
  const key = { code: 'KeyH', key: 'H', modifiers: 1 + 8 };
  const inAll = async (type: 'rawKeyDown' | 'keyUp'): Promise<void> => {
    await Promise.all(devTools.map((one) => one.send('Input.dispatchKeyEvent', { type, ...key })));
  };
  return async () => {
    await inAll('rawKeyDown');
    await inAll('keyUp');
  };
}

/** For a page in a call: is that what it says of it? */
function isHeld(held: 'by both' | 'by nobody'): boolean {
  const said = document.querySelector('main[data-state="in-call"]')?.textContent;
  return held === 'by both'
    ? /On hold, by you and/.test(said ?? '')
    : said !== undefined && !/on hold/i.test(said);
}

/** Each of them hears the voices of all others, and no other. */
async function expectVoices(phones: readonly Handset[]): Promise<void> {
  const voiceOf = ({ number }: Handset): number => VOICE[number as keyof typeof VOICE];
  await Promise.all(
    phones.map((phone) => {
      const others = phones.filter((other) => other !== phone).map(voiceOf);
      return expectTones(phone.page, others, [...Object.values(VOICE), HOLD_DRONE]);
    }),
  );
}
