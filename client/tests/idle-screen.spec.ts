import type { Locator } from '@playwright/test';
import { Call } from '../../server/tests/support/call.ts';
import { SipClient } from '../../server/tests/support/sip-client.ts';
import { expect, test } from './support/fixtures.ts';
import { Handset } from './support/handset.ts';
import { HeldTimers } from './support/held-timers.ts';
import { SystemAround } from './support/system.ts';
import { word } from './support/words.ts';

/** A finger touches the screen where that is, whatever is above it. */
async function touch(what: Locator): Promise<void> {
  const { x = 0, y = 0 } = (await what.boundingBox()) ?? {};
  const devTools = await what.page().context().newCDPSession(what.page());
  await devTools.send('Input.dispatchTouchEvent', {
    type: 'touchStart',
    touchPoints: [{ x: x + 9, y: y + 9 }],
  });
  await devTools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}

/** Where nothing else is set, the screen of a station rests when nobody has used it for so long (milliseconds). */
const RESTS_AFTER_MS = 300_000;

test('the screen of a station that nobody uses rests, never in one place, until a touch or a ring: it names no one who has left', async ({
  perch,
  contextOf,
}) => {
  const station = new Handset(await (await contextOf('201')).newPage(), '201');
  const { page } = station;
  const timers = await HeldTimers.of(page, RESTS_AFTER_MS - 5_000, RESTS_AFTER_MS);
  const system = await SystemAround.of(page, perch.organization.url);
  const [ben] = await Promise.all([
    SipClient.registered(perch.organization, perch.line('102')),
    station.open(perch.line('201').url),
  ]);
  const screen = page.getByRole('complementary', { name: word('idle_screen') });
  /** Nobody uses the station for as long as that. */
  const rest = async (): Promise<void> => {
    await expect(async () => {
      await timers.ripen();
      await expect(screen).toBeVisible({ timeout: 500 });
    }).toPass();
  };
  await station.takeOver(perch.line('101'));
  const talk = new Call(ben, '101');
  await station.answer();
  const dialog = await talk.answered();
  await expect(page.getByText('Ben').first()).toBeVisible();
  await timers.ripen();
  await expect(screen).toHaveCount(0);
  await dialog.request('BYE');
  await station.expectGuest('Ada', '101');
  await rest();
  await expect(screen).toContainText('Ada');
  await page.mouse.click(1, 1);
  await expect(screen).toHaveCount(0);
  await station.dialReturn();

  const number = page.getByLabel(word('number'), { exact: true });
  const five = page.getByRole('group', { name: word('keypad') }).getByRole('button', { name: /^5(,|$)/ });
  const place = async () =>
    (await screen.locator('time').boundingBox({ timeout: 500 })) ?? { x: NaN, y: NaN };
  // Again where the server has just said something about what was before: the screen shows that first.
  await expect(async () => {
    await number.fill('');
    await rest();
    const [text, before] = [await screen.textContent(), await place()];
    expect(text).toContain('Front desk');
    expect(text).not.toMatch(/Ada|Ben|10[12]/);
    await timers.setClock(-90_000);
    await expect
      .poll(async () => Math.hypot((await place()).x - before.x, (await place()).y - before.y), {
        timeout: 3_000,
      })
      .toBeGreaterThan(50);
    // Where a key is, which nobody can see: it is not pressed.
    await touch(five);
    await expect(screen).toHaveCount(0, { timeout: 1_000 });
    expect(await number.inputValue()).toBe('');
  }).toPass({ timeout: 30_000 });

  await rest();
  const ring = new Call(ben, '201');
  await station.expectRinging('Ben', '102');
  await expect(screen).toHaveCount(0);
  ring.cancel();
  await station.expectFree();
  expect(await system.locks()).toBe(1);
});
