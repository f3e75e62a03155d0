import { expect, type Page } from '@playwright/test';

const NAMED = 'button, a, label, h1, h2, h3, th, [role=tab]';

/** Texts that do not fit where they stand, each in a line. Runs in the page. */
function misfits(named: string): string[] {
  const { scrollWidth, clientWidth } = document.documentElement;
  const found =
    scrollWidth > clientWidth ? [`the page scrolls sideways by ${scrollWidth - clientWidth}`] : [];
  const isCutOff = (from: Element | null, until: Element): boolean =>
    from !== null &&
    from !== until &&
    (getComputedStyle(from).overflowX !== 'visible' || isCutOff(from.parentElement, until));
  const range = document.createRange();
  for (const element of document.querySelectorAll<HTMLElement>(named)) {
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    const box = element.getBoundingClientRect();
    // One that covers the page is read like a page, and so is all on a screen at 400 %.
    const isOneLine = element.matches('button') && box.width < clientWidth && innerHeight >= 300;
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text !== null; text = walker.nextNode()) {
      const said = text.nodeValue?.trim() ?? '';
      // Names and numbers are as long as they are.
      if (said === '' || text.parentElement?.closest('bdi, .number, .unseen, [popover]')) continue;
      range.selectNodeContents(text);
      const lines = [...range.getClientRects()];
      const what = `${element.tagName.toLowerCase()} “${said}”`;
      if (isCutOff(text.parentElement, element)) continue;
      if (lines.some(({ left, right }) => left < box.left - 1 || right > box.right + 1))
        found.push(`${what} sticks out`);
      // A row of a list has lines of its own.
      else if (
        isOneLine &&
        !text.parentElement?.matches('.facts') &&
        lines.some(({ top }) => top > (lines[0]?.bottom ?? 0) - 4)
      )
        found.push(`${what} has more than one line`);
    }
  }
  // A name or number of the other direction stands where the text around it begins.
  for (const element of document.querySelectorAll<HTMLElement>('bdi, .number')) {
    const { display, textAlign } = getComputedStyle(element);
    if (display.startsWith('inline') || textAlign === 'center' || !element.checkVisibility()) continue;
    if (element.textContent.trim() === '') continue;
    const box = element.getBoundingClientRect();
    range.selectNodeContents(element);
    const text = range.getBoundingClientRect();
    const [left, right] = [text.left - box.left, box.right - text.right];
    const [before, after] = document.documentElement.dir === 'rtl' ? [right, left] : [left, right];
    // What is cut off is as long as it is.
    if (textAlign !== 'end' && after >= 0 && before > after + 8)
      found.push(`“${element.textContent}” stands at the end`);
  }
  for (const element of document.querySelectorAll<HTMLElement>('#app *')) {
    if (element.scrollWidth <= element.clientWidth + 1 || element.clientWidth <= 1) continue;
    const { overflowX, textOverflow } = getComputedStyle(element);
    const isMeant = textOverflow === 'ellipsis' || element.matches('.clamped, .join, input, select');
    if (/hidden|clip/.test(overflowX) && !isMeant)
      found.push(`${element.tagName.toLowerCase()} “${element.textContent.trim().slice(0, 60)}” is cut off`);
  }
  // A bar scrolls on a phone only: elsewhere, what is beyond its edge is not looked for.
  for (const bar of innerWidth < 1024 ? [] : document.querySelectorAll('nav'))
    if (bar.scrollWidth > bar.clientWidth + 1) found.push(`nav “${bar.ariaLabel}” has more than can be seen`);
  return found;
}

/** Nothing scrolls sideways, nothing sticks out of what it is in, and a button says what it does on one line. */
export async function expectFitting(page: Page, state: string): Promise<void> {
  expect.soft(await page.evaluate(misfits, NAMED), state).toEqual([]);
}
