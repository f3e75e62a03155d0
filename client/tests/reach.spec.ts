import type { Page } from '@playwright/test';
import { SipClient } from '../../server/tests/support/sip-client.ts';
import { isolated } from '../src/phone/words/isolated.ts';
import { expect, test, VOICE } from './support/fixtures.ts';
import { Handset } from './support/handset.ts';
import { expectTone } from './support/hearing.ts';
import { word } from './support/words.ts';

declare global {
  interface Window {
    /** The count at the icon of the installed app. */
    perchBadge?: number;
  }
}

/** Browsers without windows have no icon: the count is kept in the page. */
function keepBadge(): void {
  const setAppBadge = (count: number): Promise<void> => Promise.resolve(void (window.perchBadge = count));
  Object.defineProperty(navigator, 'setAppBadge', { value: setAppBadge });
}

/** What the tab and the icon count. */
async function expectCount(page: Page, title: string, badge: number): Promise<void> {
  await expect(page).toHaveTitle(title);
  await expect.poll(() => page.evaluate(() => window.perchBadge)).toBe(badge);
}

const openRecents = (page: Page): Promise<void> =>
  page.getByRole('tab', { name: new RegExp(`^${word('recents')}`) }).click();
const pastCall = (page: Page, who: string, kind: string) =>
  page.getByRole('button', { name: new RegExp(`${who}.*, ${word(kind)},`) });

test('a phone in two browsers: favorites are in both, a call answered in one is no missed call in the other, and one that nobody answers is missed until somebody looks', async ({
  perch,
  contextOf,
}) => {
  const open = async (number: '101' | '102'): Promise<Handset> => {
    const context = await contextOf(number);
    await context.addInitScript(keepBadge);
    const handset = new Handset(await context.newPage(), number);
    await handset.open(perch.line(number).url);
    return handset;
  };
  const [desk, home, ben] = await Promise.all([open('101'), open('101'), open('102')]);

  await test.step('people: searched for, and made a favorite', async () => {
    await desk.page.getByLabel(word('search')).fill('chl');
    const star = word('favourite_who', { who: `103 ${isolated('Chloe')}` });
    await desk.page.getByRole('button', { name: star }).click();
    await expect(home.page.getByRole('heading', { name: word('favourites') })).toBeVisible();
    const stars = home.page.getByRole('button', { name: star });
    await expect(stars).toHaveCount(2);
    await expect(stars.first()).toHaveAttribute('aria-pressed', 'true');
  });

  await test.step('people: offered while a number is dialled, favorites first; a call that nobody answers is missed', async () => {
    const meant = home.page.getByRole('list', { name: word('people'), exact: true }).getByRole('button');
    await home.press('10');
    await expect(meant).toHaveText([/Chloe/, /Ben/, /Dev/]);
    await home.press('2');
    await meant.filter({ hasText: 'Ben' }).click();
    await ben.expectRinging('Ada', '101');
    await expect(ben.page).toHaveTitle(word('incoming_call'));
    await home.hangUp();
    await expectCount(ben.page, word('page_title_missed', { count: '1', number: '102' }), 1);
  });

  await test.step('it is called back, and answered at the desk: that is no missed call at home', async () => {
    await openRecents(ben.page);
    await expectCount(ben.page, word('page_title', { number: '102' }), 0);
    await pastCall(ben.page, '101', 'call_missed').click();
    for (const { page } of [desk, home]) await expect(page).toHaveTitle(word('incoming_call'));
    await desk.answer();
    await expectTone(ben.page, VOICE['101']);
    await expect(
      home.page.getByText(word('ending_elsewhere', { who: `102 ${isolated('Ben')}` })).first(),
    ).toBeVisible();
    await ben.hangUp();
    for (const { page } of [desk, home]) await openRecents(page);
    await expect(pastCall(desk.page, '102', 'call_incoming')).toBeVisible();
    await expect(pastCall(home.page, '102', 'call_elsewhere')).toBeVisible();
    for (const { page } of [desk, home]) await expectCount(page, word('page_title', { number: '101' }), 0);
  });

  await test.step('one that nobody answers is missed in both, until somebody looks in one of them', async () => {
    for (const { page } of [desk, home])
      await page.getByRole('tab', { name: new RegExp(`^${word('voicemail')}`) }).click();
    await ben.dial('101');
    for (const { page } of [desk, home]) await expect(page).toHaveTitle(word('incoming_call'));
    await ben.hangUp();
    for (const { page } of [desk, home])
      await expectCount(page, word('page_title_missed', { count: '1', number: '101' }), 1);
    await openRecents(home.page);
    await home.page
      .getByRole('group', { name: word('history_filter') })
      .getByText(word('history_missed'))
      .click();
    await expect(pastCall(home.page, '102', 'call_missed')).toBeVisible();
    await expect(pastCall(home.page, '102', 'call_elsewhere')).toHaveCount(0);
    for (const { page } of [desk, home]) await expectCount(page, word('page_title', { number: '101' }), 0);
    await openRecents(desk.page);
    await expect(pastCall(desk.page, '102', 'call_missed')).toBeVisible();
  });
});

/** Ben’s number as contact lists, mails, spreadsheets and phones write it. */
const WRITTEN = [
  ' 1 0\u00a02\r\n',
  '1-0\u20112',
  '\u202d102\u202c',
  '\u2066\u200e1\u200b02\u2069',
  '１０２',
  '١٠٢',
  '۱۰۲',
  'tel:102',
  'TEL:1-0-2;phone-context=example.org',
  '"Ben" <sip:102@example.org>',
];

test('a number is pasted as anybody writes it, and reaches whom it means; an emergency number is one however it is written', async ({
  perch,
  phone,
}) => {
  const [ada, ben, help] = await Promise.all([
    phone('101'),
    phone('102'),
    perch
      .addExtension('112', 'Reception')
      .then((account) => SipClient.registered(perch.organization, account)),
  ]);
  const { page } = ada;
  await page.context().grantPermissions(['microphone', 'clipboard-read', 'clipboard-write']);
  const field = page.getByLabel(word('number_or_name'), { exact: true });
  const paste = async (text: string): Promise<void> => {
    await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await field.fill('');
    await field.press('ControlOrMeta+V');
  };

  for (const text of WRITTEN) {
    await paste(text);
    await expect(field, JSON.stringify(text)).toHaveValue('102');
  }
  await field.press('Enter');
  await ben.expectRinging('Ada', '101');
  await ada.hangUp();

  await test.step('typed in the digits of another script', async () => {
    await field.fill('');
    await page.keyboard.insertText('١٠٢');
    await field.press('Enter');
    await ben.expectRinging('Ada', '101');
    await ada.hangUp();
  });

  for (const text of ['1 1 2', '\u202d١١٢\u202c', 'tel:１１２']) {
    await paste(text);
    await expect(page.getByText(word('emergency_call'), { exact: true })).toBeVisible();
    await expect(page.getByRole('button', { name: word('call'), exact: true })).toHaveCount(0);
  }
  await ada.act('call_for_help', { number: '112' });
  const invite = await help.request('INVITE');
  help.respond(invite, '180 Ringing', { toTag: 'help' });
  await ada.expectState('in-call');
  await ada.hangUp();
  help.close();
});
