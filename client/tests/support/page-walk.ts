import { expect, type Page, type Request } from '@playwright/test';
import { expectAccessibleInBoth, expectAccessibleState, type LegibleLooks } from './axe.ts';
import { isComplete } from './complete.ts';
import { expectWalkable } from './key-walk.ts';

const SCREENS = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
  { width: 1024, height: 768 },
] as const;

/** One state of a page: nothing scrolls sideways, axe finds nothing, and the keys lead to everything. */
export class PageWalk {
  readonly #page: Page;
  #legible: LegibleLooks;
  readonly #awaited = new Set<Request>();
  #states = 0;

  private constructor(page: Page, legible: LegibleLooks) {
    this.#page = page;
    this.#legible = legible;
    page.on('request', (request) => this.#awaited.add(request));
    for (const over of ['requestfinished', 'requestfailed'] as const)
      page.on(over as 'requestfinished', (request) => this.#awaited.delete(request));
  }

  /** Begins where the page stands, on the largest screen. */
  static async on(page: Page): Promise<PageWalk> {
    const [first] = SCREENS;
    await page.setViewportSize(first);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    return new PageWalk(page, await page.evaluateHandle(() => new Set<string>()));
  }

  /** Loads a page, or does what loads one and waits until it is there; what has been found legible stays so. */
  async load(go: string | (() => Promise<void>)): Promise<void> {
    const known = await this.#legible.evaluate((looks) => [...looks]);
    if (typeof go === 'string') await this.#page.goto(go);
    else await go();
    this.#legible = await this.#page.evaluateHandle((looks) => new Set(looks), known);
  }

  /** Parts of a page come with answers of their own: it is whole once none is awaited. */
  #whole(): Promise<void> {
    return expect.poll(() => this.#awaited.size).toBe(0);
  }

  /** Goes on within management, as a link does: nothing is loaded anew. */
  async goTo(path: string): Promise<void> {
    await this.#page.evaluate((address) => {
      history.pushState(null, '', address);
      window.dispatchEvent(new PopStateEvent('popstate'));
    }, path);
  }

  async look(state: string): Promise<void> {
    const page = this.#page;
    await this.#whole();
    const index = this.#states++;
    const [first] = SCREENS;
    for (const screen of isComplete ? SCREENS : [first]) {
      if (isComplete) await page.setViewportSize(screen);
      const at = `${state} at ${String(screen.width)}`;
      await expectWalkable(page, at);
      const sideways = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
      expect(await page.evaluate(sideways), `${at} scrolls sideways`).toBe(0);
      if (isComplete) await expectAccessibleInBoth(page, at);
      else await expectAccessibleState(page, at, index % 2 === 0 ? 'light' : 'dark', this.#legible);
    }
    if (isComplete) await page.setViewportSize(first);
  }
}
