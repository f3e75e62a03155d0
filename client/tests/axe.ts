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

/** The same for contrast alone, of text that looks like none that axe has passed before. */
async function illegible(page: Page, legible: LegibleLooks): Promise<string[]> {
  await load(page);
  return page.evaluate(
    async ({ known, options }) => {
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

      const fresh = new Map<Element, string>();
      for (const element of document.body.querySelectorAll('*')) {
        const speaks = [...element.childNodes].some((node) => node.nodeType === 3 && node.nodeValue?.trim());
        if (!speaks && !element.matches('input, select, textarea')) continue;
        if (!element.checkVisibility({ visibilityProperty: true })) continue;
        const look = lookOf(element);
        if (!known.has(look)) fresh.set(element, look);
      }
      if (fresh.size === 0) return [];
      const results = await window.axe?.run(
        { include: [...fresh.keys()] },
        { ...options, elementRef: true, resultTypes: ['violations', 'passes'] },
      );
      for (const { element } of results?.passes.flatMap(({ nodes }) => nodes) ?? []) {
        const look = element && fresh.get(element);
        if (look !== undefined) known.add(look);
      }
      return (results?.violations ?? []).flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary = '' }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
      );
    },
    { known: legible, options: CONTRAST },
  );
}

export type Theme = 'light' | 'dark';

/** All rules in light colours, and in dark ones what a theme can change. */
export async function expectAccessible(page: Page, state = page.url()): Promise<void> {
  await turn(page, 'light');
  expect(await findings(page, WCAG_22_AA), `${state}, light`).toEqual([]);
  await turn(page, 'dark');
  expect(await findings(page, CONTRAST), `${state}, dark`).toEqual([]);
}

/** The same for a page in many states, beginning with either theme: the contrast of each look of text is computed once. */
export async function expectAccessibleState(
  page: Page,
  state: string,
  themes: readonly [Theme, Theme],
  legible: LegibleLooks,
): Promise<void> {
  for (const [index, theme] of themes.entries()) {
    await turn(page, theme);
    if (index === 0) expect(await findings(page, WITHOUT_CONTRAST), `${state}, ${theme}`).toEqual([]);
    expect(await illegible(page, legible), `${state}, ${theme}`).toEqual([]);
  }
}

const turn = (page: Page, theme: Theme) => page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
