import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, type JSHandle, type Page } from '@playwright/test';
import type { AxeResults, ElementContext, RunOptions } from 'axe-core';

declare global {
  interface Window {
    readonly axe?: { run(context: ElementContext, options: RunOptions): Promise<AxeResults> };
  }
}

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const WCAG_22_AA: RunOptions = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
/** All that a theme can change. */
const CONTRAST: RunOptions = { runOnly: ['color-contrast'] };
const WITHOUT_CONTRAST: RunOptions = { ...WCAG_22_AA, rules: { 'color-contrast': { enabled: false } } };

export type Theme = 'light' | 'dark';

/** The looks of text (its colours, and all that lies behind it) that axe has found legible on a page. */
export type LegibleLooks = JSHandle<Set<string>>;

async function load(page: Page): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
}

/** What axe finds on the page as it is, each finding in a line. */
async function findings(page: Page, options: RunOptions): Promise<string[]> {
  await load(page);
  return page.evaluate(async (given) => {
    const results = await window.axe?.run(document, { ...given, resultTypes: ['violations'] });
    return (results?.violations ?? []).flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary = '' }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    );
  }, options);
}

/** All rules in light colours, and in dark ones what a theme can change. */
export async function expectAccessible(page: Page, state = page.url()): Promise<void> {
  await turn(page, 'light');
  expect(await findings(page, WCAG_22_AA), `${state}, light`).toEqual([]);
  await turn(page, 'dark');
  expect(await findings(page, CONTRAST), `${state}, dark`).toEqual([]);
}

/** All rules in both themes. */
export async function expectAccessibleInBoth(page: Page, state: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await turn(page, theme);
    expect.soft(await findings(page, WCAG_22_AA), `${state}, ${theme}`).toEqual([]);
  }
}

/**
 * The same as `expectAccessible` for a page in many states, with all rules in the `first` theme: the contrast of each look of text is
 * computed once, and the page itself turns its theme, as its settings do, so that it is asked once for both.
 *
 * @param within a selector of what is new, where it is there: the rest was seen before
 */
export async function expectAccessibleState(
  page: Page,
  state: string,
  first: Theme,
  legible: LegibleLooks,
  within?: string,
): Promise<void> {
  await load(page);
  const themes = first === 'light' ? (['light', 'dark'] as const) : (['dark', 'light'] as const);
  const found = await page.evaluate(findInBoth, {
    ...{ known: legible, themes, within, WITHOUT_CONTRAST, CONTRAST },
  });
  expect.soft(found, state).toEqual([]);
}

interface Asked {
  readonly known: Set<string>;
  readonly themes: readonly [Theme, Theme];
  readonly within: string | undefined;
  readonly WITHOUT_CONTRAST: RunOptions;
  readonly CONTRAST: RunOptions;
}

/** Runs in the page. */
async function findInBoth({ known, themes, within, WITHOUT_CONTRAST, CONTRAST }: Asked): Promise<string[]> {
  const seen = (within === undefined ? null : document.querySelector(within)) ?? document.body;
  const region = seen === document.body ? document : seen;
  const grounds = new Map<Element, string>();
  const groundOf = (element: Element): string => {
    let ground = grounds.get(element);
    if (ground === undefined) {
      const style = getComputedStyle(element);
      const { backgroundColor, backgroundImage, opacity, filter, mixBlendMode } = style;
      ground = [backgroundColor, backgroundImage, opacity, filter, mixBlendMode].join(' ');
      grounds.set(element, ground);
    }
    return ground;
  };
  const lookOf = (element: Element): string => {
    const { color, fontSize, fontWeight, textShadow, colorScheme } = getComputedStyle(element);
    const { x, y, width, height } = element.getBoundingClientRect();
    const behind = document.elementsFromPoint(x + width / 2, y + height / 2).map(groundOf);
    const around: string[] = [];
    for (let at: Element | null = element; at !== null; at = at.parentElement) around.push(groundOf(at));
    return JSON.stringify([color, fontSize, fontWeight, textShadow, colorScheme, around, behind]);
  };
  const linesOf = (results: AxeResults | undefined, theme: Theme): string[] =>
    (results?.violations ?? []).flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, failureSummary = '' }) => `${theme}: ${id}: ${target.join(' ')}: ${failureSummary}`,
      ),
    );
  /** The contrast of text that looks like none that axe has passed before. */
  const illegible = async (theme: Theme): Promise<string[]> => {
    grounds.clear();
    const fresh = new Map<Element, string>();
    for (const element of seen.querySelectorAll('*')) {
      const speaks = [...element.childNodes].some((node) => node.nodeType === 3 && node.nodeValue?.trim());
      if (!speaks && !element.matches('input, select, textarea')) continue;
      if (!element.checkVisibility({ visibilityProperty: true })) continue;
      const look = lookOf(element);
      if (!known.has(look)) fresh.set(element, look);
    }
    if (fresh.size === 0) return [];
    const results = await window.axe?.run(
      { include: [...fresh.keys()] },
      { ...CONTRAST, elementRef: true, resultTypes: ['violations', 'passes'] },
    );
    for (const { element } of results?.passes.flatMap(({ nodes }) => nodes) ?? []) {
      const look = element && fresh.get(element);
      if (look !== undefined) known.add(look);
    }
    return linesOf(results, theme);
  };

  const { dataset } = document.documentElement;
  const [first, second] = themes;
  dataset['theme'] = first;
  const rules = await window.axe?.run(region, { ...WITHOUT_CONTRAST, resultTypes: ['violations'] });
  const found = [...linesOf(rules, first), ...(await illegible(first))];
  dataset['theme'] = second;
  found.push(...(await illegible(second)));
  delete dataset['theme'];
  return found;
}

const turn = (page: Page, theme: Theme) => page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
