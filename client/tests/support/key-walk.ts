import { expect, type Locator, type Page } from '@playwright/test';

/** Where Tab leads to, as it was while it had the focus; in CSS pixels of the document, along its lines as they are read. */
interface Stop {
  readonly name: string;
  readonly isSeen: boolean;
  /** Its middle is on the screen, and nothing lies over it. */
  readonly isInSight: boolean;
  /** Of what had the focus before, such as a link in a region that scrolls. */
  readonly isInside: boolean;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Walked {
  readonly stops: readonly Stop[];
  /** What could have the focus and never had it. */
  readonly missed: readonly string[];
  /** What had the focus although it lies outside of what was walked. */
  readonly strayed: readonly string[];
}

declare global {
  interface Window {
    readonly keyWalk: { begin(): number; isAround(): boolean; end(): Walked };
  }
}

/** Runs in the page: `begin` puts the focus before the first thing, `end` tells where it has been. */
function walker(): Window['keyWalk'] {
  const CAN_HAVE_FOCUS = 'a[href], button, input, select, textarea, summary, [tabindex]';
  let seen: Element[] = [];
  let stops: Stop[] = [];

  const nameOf = (element: Element): string => {
    const labels = (element as Partial<HTMLInputElement>).labels;
    const text = element.getAttribute('aria-label') ?? labels?.[0]?.textContent ?? element.textContent;
    return `${element.tagName.toLowerCase()} ${text
      .replaceAll(/[\u2068\u2069]/g, '')
      .trim()
      .replaceAll(/\s+/g, ' ')}`;
  };
  const within = (): Element => document.querySelector('[role="dialog"]') ?? document.body;
  const isGuard = (element: Element): boolean =>
    element.closest('[data-focus-guard], [aria-hidden="true"]') !== null;
  const reachable = (): HTMLElement[] =>
    [...within().querySelectorAll<HTMLElement>(CAN_HAVE_FOCUS)].filter((element) => {
      if (element.tabIndex < 0 || element.matches(':disabled') || isGuard(element)) return false;
      if (element.closest('[inert]') !== null) return false;
      // Of radio buttons, the arrow keys lead to the others.
      if (element instanceof HTMLInputElement && element.type === 'radio' && !element.checked) return false;
      return element.checkVisibility({ visibilityProperty: true });
    });
  const look = ({ target }: FocusEvent): void => {
    if (!(target instanceof HTMLElement) || isGuard(target) || target === seen.at(-1)) return;
    const { outlineStyle, outlineWidth } = getComputedStyle(target);
    const { left, top, right, bottom } = target.getBoundingClientRect();
    // What stays in its place while the page scrolls is where it was at the top.
    let isFixed = false;
    for (let at: Element | null = target; at !== null; at = at.parentElement)
      isFixed ||= ['sticky', 'fixed'].includes(getComputedStyle(at).position);
    let [x, y] = isFixed ? [0, 0] : [scrollX, scrollY];
    for (let at = target.parentElement; at !== null && at !== document.documentElement; at = at.parentElement)
      [x, y] = [x + at.scrollLeft, y + at.scrollTop];
    const [midX, midY] = [(left + right) / 2, (top + bottom) / 2];
    const middle = document.elementFromPoint(midX, midY);
    const isInside = seen.at(-1)?.contains(target) === true;
    seen.push(target);
    stops.push({
      name: nameOf(target),
      isSeen: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
      isInSight: middle !== null && (target.contains(middle) || middle.contains(target)),
      isInside,
      ...(document.dir === 'rtl'
        ? { left: -right - x, right: -left - x }
        : { left: left + x, right: right + x }),
      top: top + y,
      bottom: bottom + y,
    });
  };
  return {
    begin() {
      [seen, stops] = [[], []];
      const place = document.createElement('span');
      place.tabIndex = -1;
      // Where the walk before has left it.
      within().scrollTo(0, 0);
      within().prepend(place);
      place.focus({ preventScroll: true });
      scrollTo(0, 0);
      place.remove();
      document.addEventListener('focusin', look);
      return reachable().length;
    },
    isAround: () =>
      new Set(seen).size < seen.length || reachable().every((element) => seen.includes(element)),
    end() {
      document.removeEventListener('focusin', look);
      scrollTo(0, 0);
      const box = within();
      return {
        stops: stops.filter((_, at) => seen.indexOf(seen[at] as Element) === at),
        missed: reachable()
          .filter((element) => !seen.includes(element))
          .map(nameOf),
        strayed: seen.filter((element) => !box.contains(element)).map(nameOf),
      };
    },
  };
}

/** Those that come after something that is to be read after them: Tab goes down, and along a line as it is read. */
function outOfOrder(stops: readonly Stop[]): string[] {
  return stops.flatMap((stop, at) => {
    const before = stops[at - 1];
    if (before === undefined || stop.isInside) return [];
    const isAbove = stop.bottom <= before.top + 1 && stop.left < before.right;
    const isOnLine = Math.min(stop.bottom, before.bottom) - Math.max(stop.top, before.top) > 4;
    const isBehind = isOnLine && stop.right <= before.left + 1;
    return isAbove || isBehind ? [`${stop.name} after ${before.name}`] : [];
  });
}

/**
 * Walks the page, or the dialog that is open, by Tab alone: it leads to everything that can be used, in the order in which it is seen,
 * and everything shows that it has the focus. How many stops there were.
 */
export async function expectWalkable(page: Page, state: string): Promise<number> {
  await page.evaluate(`window.keyWalk ??= (${String(walker)})()`);
  let presses = (await page.evaluate(() => window.keyWalk.begin())) + 1;
  // A field for a date has several stops of its own, so there may be more presses than stops.
  for (let round = 0; round < 6; round++) {
    for (; presses > 0; presses--) await page.keyboard.press('Tab');
    if (await page.evaluate(() => window.keyWalk.isAround())) break;
    presses = 12;
  }
  const { stops, missed, strayed } = await page.evaluate(() => window.keyWalk.end());
  const names = (some: readonly Stop[]): string[] => some.map(({ name }) => name);
  expect
    .soft(
      {
        missed,
        strayed,
        unseen: names(stops.filter(({ isSeen }) => !isSeen)),
        outOfSight: names(stops.filter(({ isInSight }) => !isInSight)),
        outOfOrder: outOfOrder(stops),
      },
      state,
    )
    .toEqual({ missed: [], strayed: [], unseen: [], outOfSight: [], outOfOrder: [] });
  return stops.length;
}

/** What this key opens takes the focus, keeps it, and gives it back when Escape closes it. */
export async function expectDialog(
  page: Page,
  opener: Locator,
  look: (dialog: Locator) => Promise<void>,
): Promise<void> {
  const dialog = page.getByRole('dialog');
  await opener.focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeVisible();
  const hasFocus = (): Promise<boolean> =>
    dialog.evaluate((element) => element.contains(document.activeElement));
  await expect.poll(hasFocus, 'the dialog has the focus').toBe(true);
  await look(dialog);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(opener, 'the focus is back').toBeFocused();
}
