import type { Page } from '@playwright/test';
import { THREE_COLUMNS } from '../src/pages/terminal/stage/columns.ts';
import { Announcements } from './support/announcements.ts';
import { expectAccessibleInBoth, expectAccessibleState } from './support/axe.ts';
import { isComplete } from './support/complete.ts';
import { expectFitting } from './support/fitting.ts';
import { expect, test } from './support/fixtures.ts';
import { Gallery } from './support/gallery.ts';
import { Typist } from './support/typist.ts';
import { passesOf, type Tongue, TONGUES, word } from './support/words.ts';

// In one worker, which builds the gallery once.
test.describe.configure({ mode: 'default' });

const SCREENS = [
  { width: 390, height: 844 },
  { width: 1024, height: 768 },
  { width: 1440, height: 900 },
] as const;

/** A small desk's screen at 400 % (WCAG 2.2, 1.4.10): there, a page may be longer than the screen. */
const ZOOMED = { width: 320, height: 256 } as const;
/** Those that are looked at on it where not all are: what answers, and what ends a call. */
const ZOOMED_STATES: readonly string[] = ['ringing', 'one call'];

/** What answers, ends or makes the call can be pressed, however much is above it: it is on the screen, and no bar covers it; where it answers, so is who calls. */
async function expectInReach(page: Page, state: string): Promise<void> {
  const hidden = await page.evaluate(() => {
    const isLong = innerHeight < 300;
    const isCovered = (button: Element): boolean => {
      if (isLong) button.scrollIntoView({ block: 'nearest' });
      const { left, width, bottom } = button.getBoundingClientRect();
      const there = document.elementFromPoint(left + width / 2, bottom - 4);
      return there === null || there.closest('nav') !== null;
    };
    const buttons = [...document.querySelectorAll('main .action button, .ring .actions button')].filter(
      (each) => each.checkVisibility(),
    );
    const covered = buttons.filter(isCovered).map(({ textContent }) => textContent.trim());
    const caller = document.querySelector('.ring h1');
    caller?.closest('.ring')?.querySelector('button')?.scrollIntoView({ block: 'nearest' });
    if (caller !== null && caller.getBoundingClientRect().top < 0) covered.push('who calls');
    if (isLong) scrollTo(0, 0);
    return covered;
  });
  expect.soft(hidden, state).toEqual([]);
}

for (const [name, tongues] of passesOf(TONGUES))
  test(`every state of a phone’s page, on each screen, in both themes and in ${name}`, async ({ voices }) => {
    test.setTimeout(isComplete ? 3_600_000 : 240_000);
    const page = await (await voices(440)).newPage();
    await lookAtAll(page, tongues);
    await page.close();
  });

async function lookAtAll(page: Page, tongues: readonly Tongue[]): Promise<void> {
  const gallery = await Gallery.open(page);
  const legible = await page.evaluateHandle(() => new Set<string>());
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const [index, name] of gallery.names.entries()) {
    const tongue = tongues[index % tongues.length] ?? 'en';
    await gallery.speak(tongue);
    await gallery.show(name);
    const zoomed = isComplete || ZOOMED_STATES.includes(name) ? [ZOOMED] : [];
    for (const [turn, screen] of [...SCREENS, ...zoomed].entries()) {
      const state = `${name} at ${screen.width}×${screen.height}, ${tongue}`;
      await page.setViewportSize(screen);
      await expectInReach(page, state);
      await expectFitting(page, state);
      if (isComplete && tongue === 'en') await expectAccessibleInBoth(page, state);
      // One of the screens by turns; all rules in each theme by turns, and in the other one what a theme can change.
      else if (isComplete || (index + turn) % SCREENS.length === 0)
        await expectAccessibleState(page, state, index % 2 === 0 ? 'light' : 'dark', legible);
    }
  }
}

for (const viewport of isComplete ? SCREENS : SCREENS.slice(-1))
  test(`a shift with the keyboard alone, at ${viewport.width}: each thing can be reached, the focus stays where it is expected, nothing is said twice`, async ({
    voices,
  }) => {
    const page = await (await voices(440)).newPage({ viewport });
    await workShift(page);
    await page.close();
  });

async function workShift(page: Page): Promise<void> {
  const gallery = await Gallery.open(page);
  await gallery.show('idle');
  const typist = new Typist(page);
  const said = await Announcements.of(page);
  const field = word('number_or_name');
  const asked: string[] = [];
  /** What the page has asked of its calls since the last time. */
  const take = async (): Promise<string[]> => {
    const all = [...(await gallery.asked())];
    for (const old of asked) all.splice(all.indexOf(old), 1);
    asked.push(...all);
    return all;
  };

  await test.step('a call is answered, and the focus is on no key that would do something to it', async () => {
    await typist.tabTo(field);
    await gallery.happen((world) => world.ring({ number: '102', name: 'Ben' }));
    await typist.expectFocus(word('answer'));
    expect(await said.take()).toEqual(['Incoming call 102 Ben']);
    await gallery.happen((world) => world.pass(700));
    await typist.key('Enter');
    await gallery.happen((world) => world.answerAll());
    await typist.expectFocusOnStage();
    expect(await take()).toEqual(['102: answer']);
    await said.take();
  });

  await test.step('mute, hold and keys', async () => {
    await typist.press(word('mute'));
    await typist.expectFocus(word('unmute'));
    expect(await said.take()).toEqual([word('you_are_muted')]);
    await typist.key('Enter');
    await typist.press(word('hold'));
    expect(await said.take()).toEqual([word('on_hold')]);
    await typist.expectFocus(word('unhold'));
    await typist.key('Enter');
    await typist.press(word('keypad'));
    await typist.type('5#');
    await typist.key('Enter');
    await typist.expectFocus(word('keypad'));
    expect(await take()).toEqual(['102: hold', '102: unhold', '102: digit 5', '102: digit #']);
    await said.take();
  });

  await test.step('a second call is answered, and the two are swapped there and back', async () => {
    await gallery.happen((world) => world.ring({ number: '103', name: 'Chloe' }));
    await expect.poll(() => said.take()).toEqual(['Incoming call 103 Chloe']);
    await typist.expectFocus(word('keypad'));
    await typist.press(word('hold_and_answer'));
    await gallery.happen((world) => world.answerAll());
    await typist.expectFocus(word('keypad'));
    await typist.press(word('swap'));
    await typist.expectFocus(word('swap'));
    await typist.key('Enter');
    await typist.expectFocus(word('swap'));
    expect(await take()).toEqual([
      '102: hold',
      '102: unhold',
      '102: hold',
      '103: answer',
      '103: hold',
      '103: unhold',
    ]);
  });

  await test.step('the two become a conference', async () => {
    await typist.press(word('join_calls'));
    await gallery.happen((world) => world.confer(1, 0));
    await expect(page.getByRole('list', { name: word('conference_people') })).toBeVisible();
    await typist.expectFocus(word('keypad'));
  });

  await test.step('End leaves nothing under the finger, and the focus is where it was before the call', async () => {
    await typist.press(word('end_call'));
    await typist.expectFocus(field);
    expect(await take()).toEqual(['103: hang up']);
  });

  await test.step('somebody is asked before a call is sent on to them; Escape gives up, and is back where one was', async () => {
    await typist.type('104');
    await typist.key('Enter');
    await gallery.happen((world) => world.answerAll());
    await typist.press(word('transfer'));
    await typist.expectFocus(field);
    await typist.key('Escape');
    await typist.expectFocus(word('transfer'));
    await typist.key('Enter');
    await typist.expectFocus(field);
    await typist.type('103');
    await typist.key('Enter');
    await gallery.happen((world) => world.answerAll());
    await typist.press(word('transfer_complete'));
    expect(await take()).toEqual(['104: hold', '104: transfer to the call with 103']);
    await said.take();
    await gallery.happen((world) => world.completeTransfer());
    await typist.expectFocus(field);
    expect(await said.take()).toEqual([word('transfer_done', { who: '104 Dev', to: '103 Chloe' })]);
  });

  await test.step('a call is sent on at once: to a colleague beside it, where there is room for them', async () => {
    await typist.type('104');
    await typist.key('Enter');
    await gallery.happen((world) => world.answerAll());
    if (await page.evaluate((wide) => matchMedia(wide).matches, THREE_COLUMNS))
      await typist.press(word('transfer_send', { who: '104 Dev', to: '107 Grace' }));
    else {
      await typist.press(word('transfer'));
      await typist.expectFocus(field);
      await typist.type('107');
      await typist.press(word('transfer_now'));
    }
    expect(await take()).toEqual(['104: hold', '104: transfer to 107']);
    await gallery.happen((world) => world.completeTransfer());
    await typist.expectFocus(field);
  });

  await test.step('the devices are set, and the focus is back on the sign that opened them', async () => {
    await typist.press(word('device_settings'));
    const settings = page.getByRole('dialog', { name: word('device_settings') });
    await typist.tabTo(word('device'));
    await typist.tabTo(word('speaker'));
    await expect(settings).toBeVisible();
    await typist.key('Escape');
    await expect(settings).toBeHidden();
    await typist.expectFocus(word('device_settings'));
  });

  await test.step('without a server, a call says what that means, and says it once', async () => {
    await typist.tabTo(field);
    await typist.type('104');
    await typist.key('Enter');
    await gallery.happen((world) => world.answerAll());
    await said.take();
    await gallery.happen((world) => world.disconnect());
    await expect.poll(() => said.take()).toEqual([word('call_without_server')]);
  });
}
