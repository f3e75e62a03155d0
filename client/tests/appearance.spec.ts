import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import { word } from './support/words.ts';

/** What tells one element from another where only the colours of the system are shown. */
const looksOf = (page: Page, selector: string): Promise<{ chosen: string[]; others: string[] }> =>
  page.evaluate((which) => {
    const chosen: string[] = [];
    const others: string[] = [];
    for (const element of document.querySelectorAll(which)) {
      const { borderBlockEndColor, backgroundColor, textDecorationLine } = getComputedStyle(element);
      const isChosen = ['selected', 'pressed'].some(
        (state) => element.getAttribute(`aria-${state}`) === 'true',
      );
      (isChosen ? chosen : others).push(`${borderBlockEndColor} ${backgroundColor} ${textDecorationLine}`);
    }
    return { chosen, others };
  }, selector);

test('before there is a script, a page shows what it is, in the colours of the system', async ({
  perch,
  voices,
}) => {
  const browser = await voices(600);
  const context = await browser.newContext({ javaScriptEnabled: false, colorScheme: 'dark' });
  const page = await context.newPage();
  await page.goto(`${perch.organization.url}/phone`);
  const { words, keys, brightest } = await page.evaluate(() => {
    const pixel = new OffscreenCanvas(1, 1).getContext('2d');
    if (pixel === null) throw new Error('there is no canvas');
    pixel.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
    pixel.fillRect(0, 0, 1, 1);
    const shell = document.querySelector<HTMLElement>('#shell');
    const keys = [...(shell?.querySelectorAll('.keys i') ?? [])];
    return {
      words: shell?.innerText.split('\n', 1)[0],
      keys: keys.filter((key) => key.getBoundingClientRect().height > 0).length,
      brightest: Math.max(...pixel.getImageData(0, 0, 1, 1).data.slice(0, 3)),
    };
  });
  expect([words, keys]).toEqual(['Perch', 12]);
  expect(brightest).toBeLessThan(40);
  await context.close();
});

test('what a page says instead of a phone stands alone, without the keys of the first picture', async ({
  perch,
  page,
}) => {
  await page.goto(`${perch.organization.url}/phone`);
  await expect(page.getByRole('heading', { name: word('not_enrolled_title') })).toBeVisible();
  await expect(page.locator('#shell .pad')).toBeHidden();
});

for (const number of ['102', '201'] as const)
  test(`while all else is still to come, ${number} has its number where it stands afterwards`, async ({
    perch,
    contextOf,
    phone,
  }) => {
    const { page: ready } = await phone(number);
    await ready.setViewportSize({ width: 390, height: 844 });
    const context = await contextOf(number);
    // As its browser has kept it.
    await context.addInitScript((kept) => Object.assign(localStorage, kept), await storageOf(ready));
    await context.route(/\/assets\/(base|show|user-agent)-/, () => undefined);
    const page = await context.newPage();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(new URL(ready.url()).href, { waitUntil: 'commit' });
    const shown = page.locator('#shell').getByText(number, { exact: true });
    const inPlace = ready.locator('h1').getByText(number, { exact: true });
    await expect(shown).toBeVisible();
    await expect(page.locator('#app')).toBeEmpty();
    await expect.poll(() => shown.evaluate(placeOf)).toEqual(await inPlace.evaluate(placeOf));
    // Of a phone that this browser is not, it says nothing.
    const other = await context.newPage();
    await other.goto(`${perch.organization.url}/phone/105`, { waitUntil: 'domcontentloaded' });
    await expect(other.locator('#shell')).toContainText('Perch');
    await expect(other.getByText('105')).toHaveCount(0);
  });

const storageOf = (page: Page): Promise<Record<string, string>> => page.evaluate(() => ({ ...localStorage }));

/** Of the text itself (CSS pixels). */
function placeOf(element: Element): readonly number[] {
  const text = document.createRange();
  text.selectNodeContents(element);
  const { x, y, width, height } = text.getBoundingClientRect();
  return [x, y, width, height].map(Math.round);
}

test('a button without words says what it does to those who come with the keyboard, too', async ({
  phone,
}) => {
  const { page } = await phone('102');
  const button = page.getByRole('button', { name: word('device_settings'), exact: true });
  const hint = page.getByText(word('device_settings'), { exact: true });
  await expect(button).toHaveAttribute('title', word('device_settings'));
  await page.keyboard.press('Tab');
  while (!(await button.evaluate((element) => element === document.activeElement)))
    await page.keyboard.press('Tab');
  await expect(hint).toBeInViewport({ ratio: 1 });
  await page.keyboard.press('Escape');
  await expect(hint).toBeHidden();
});

test('with the colours of the system only, the chosen list is told from the others; the field that has the focus shows it', async ({
  phone,
}) => {
  const { page } = await phone('102');
  const field = page.getByRole('textbox');
  const outline = () => field.evaluate((element) => getComputedStyle(element).outlineStyle);
  await page.getByRole('button', { name: /settings/i }).focus();
  expect(await outline()).toBe('none');
  await page.keyboard.press('Tab');
  while (!(await field.evaluate((element) => element === document.activeElement)))
    await page.keyboard.press('Tab');
  expect(await outline()).not.toBe('none');

  await page.emulateMedia({ forcedColors: 'active' });
  for (const [width, selector] of [
    [1024, '[role="tab"]'],
    [390, 'nav button'],
  ] as const) {
    await page.setViewportSize({ width, height: 800 });
    const { chosen, others } = await looksOf(page, selector);
    expect(chosen).toHaveLength(1);
    expect(others).not.toContain(chosen[0]);
  }
});

test('the clock of a station is one line, however little room there is', async ({ phone }) => {
  const { page } = await phone('201');
  const lines = await page
    .locator('time')
    .first()
    .evaluate((element) => {
      element.style.display = 'inline-block';
      element.style.inlineSize = '2rem';
      element.textContent = '12:58 PM';
      return element.getBoundingClientRect().height / Number.parseFloat(getComputedStyle(element).fontSize);
    });
  expect(lines).toBeLessThan(1.9);
});
