import type { Page, ViewportSize } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import { word } from './support/words.ts';

/** The smallest phone, a usual one, the same on its side, and a small desk's screen (pixels). */
const SCREENS = [
  { width: 320, height: 568 },
  { width: 390, height: 844 },
  { width: 844, height: 390 },
  { width: 1024, height: 768 },
] as const;
/** As long as a name may be, and without a place to break it. */
const LONG_NAME = 'W'.repeat(64);

/** Why that button cannot be pressed where it is. Runs in the page: a browser takes a quarter of a second to say by itself whether all of it can be seen. */
function obstacleOf(button: Element): string | null {
  const { left, top, right, bottom, width, height } = button.getBoundingClientRect();
  if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) return 'it is not on the screen';
  const isCovered = [0.1, 0.5, 0.9].some(
    (share) => !button.contains(document.elementFromPoint(left + width / 2, top + height * share)),
  );
  return isCovered ? 'something lies over it' : null;
}

/** On each screen, these buttons are there without scrolling, nothing lies over them, and nothing scrolls sideways. */
async function expectInReach(page: Page, ...keys: readonly string[]): Promise<void> {
  await expectInReachOn(SCREENS, page, ...keys);
}

async function expectInReachOn(
  screens: readonly ViewportSize[],
  page: Page,
  ...keys: readonly string[]
): Promise<void> {
  for (const screen of screens) {
    await page.setViewportSize(screen);
    for (const key of keys) {
      const button = page.getByRole('button', { name: word(key) }).last();
      const at = `${key} at ${String(screen.width)}x${String(screen.height)}`;
      // At once: what a notice pushes off the screen is back when the notice is gone.
      await expect.poll(() => button.evaluate(obstacleOf), { message: at, timeout: 1_000 }).toBeNull();
    }
    const sideways = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    expect(await page.evaluate(sideways), `scrolls sideways at ${String(screen.width)}`).toBe(0);
  }
}

test('what calls, answers, ends and leaves is on the screen in every state, whatever people are called', async ({
  perch,
  phone,
}) => {
  await perch.administer('PATCH', '/api/extensions/102', { name: LONG_NAME });
  const [station, ben] = await Promise.all([phone('201'), phone('102')]);
  const { page } = station;
  const call = page.getByRole('button', { name: word('call'), exact: true });
  await expectInReach(page, 'call');

  await station.dial('77');
  await expect(page.getByText(/There is no number 77/)).toBeVisible();
  await expectInReach(page, 'call', 'key_hash');
  await page.getByRole('textbox').fill('*30102');
  await call.click();
  await station.expectCodeAsked();
  await expectInReach(page, 'leave_center', 'key_hash');
  await station.press(`${perch.line('102').secretCode ?? ''}#`);
  await station.expectGuest(LONG_NAME, '102');
  await expectInReach(page, 'leave_desk', 'undo');
  await page.getByRole('button', { name: word('undo') }).click();
  await station.expectFree();

  await ben.dial('201');
  await station.expectRinging(LONG_NAME, '102');
  await expectInReach(page, 'answer', 'decline');
  await station.answer();
  await station.expectTalking();
  await expectInReach(page, 'mute', 'end_call');
  await page.getByRole('button', { name: word('keypad'), exact: true }).click();
  await expectInReach(page, 'end_call', 'key_hash');
  await expectInReach(ben.page, 'end_call');
  await ben.hangUp();
  // A sentence with a long name in it can be read to its end.
  await expect(page.getByText(/^102 .*W….? ended the call$/)).toBeInViewport({ ratio: 1 });
  // On the smallest phone, four lines of a name push it down for as long as they are shown.
  await expectInReachOn(SCREENS.slice(1), page, 'call');
});
