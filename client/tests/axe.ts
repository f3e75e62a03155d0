import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, type Page } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';

declare global {
  interface Window {
    readonly axe?: { run(options: RunOptions): Promise<AxeResults> };
  }
}

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const WCAG_22_AA: RunOptions = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
/** All that a theme can change. */
const CONTRAST: RunOptions = { runOnly: ['color-contrast'] };

/** What axe finds on the page as it is, each finding in a line. */
async function findings(page: Page, options: RunOptions): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  return page.evaluate(async (given) => {
    const results = await window.axe?.run({ ...given, resultTypes: ['violations'] });
    return (results?.violations ?? []).flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary = '' }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    );
  }, options);
}

export type Theme = 'light' | 'dark';

/** All rules in the first of the themes, and in the second one, if there is one, what a theme can change. */
export async function expectAccessible(
  page: Page,
  state = page.url(),
  [whole, other]: readonly [Theme, Theme?] = ['light', 'dark'],
): Promise<void> {
  await expectNothing(page, state, whole, WCAG_22_AA);
  if (other !== undefined) await expectNothing(page, state, other, CONTRAST);
}

async function expectNothing(page: Page, state: string, theme: Theme, rules: RunOptions): Promise<void> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  expect(await findings(page, rules), `${state}, ${theme}`).toEqual([]);
}
