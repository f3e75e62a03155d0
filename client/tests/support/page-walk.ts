import { expect, type Page, type Request } from '@playwright/test';
import { expectAccessibleInBoth, expectAccessibleState, type LegibleLooks } from './axe.ts';
import { isComplete } from './complete.ts';
import { expectFitting } from './fitting.ts';
import { expectWalkable } from './key-walk.ts';
import { speak, type Tongue, word } from './words.ts';

const SCREENS = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
  { width: 1024, height: 768 },
] as const;

/** What is opened over a page that has been looked at. */
const OVER = '[role="dialog"]';

/** One state of a page: everything fits, axe finds nothing, and the keys lead to everything; in one language after the other. */
export class PageWalk {
  readonly #page: Page;
  readonly #tongues: readonly Tongue[];
  #legible: LegibleLooks;
  readonly #awaited = new Set<Request>();
  #states = 0;
  #turns = 0;

  private constructor(page: Page, tongues: readonly Tongue[], legible: LegibleLooks) {
    this.#page = page;
    this.#tongues = tongues;
    this.#legible = legible;
    page.on('request', (request) => this.#awaited.add(request));
    for (const over of ['requestfinished', 'requestfailed'] as const)
      page.on(over as 'requestfinished', (request) => this.#awaited.delete(request));
  }

  /** Begins where the page stands, on the largest screen, in the first of these languages. */
  static async on(page: Page, tongues: readonly Tongue[]): Promise<PageWalk> {
    const [first] = SCREENS;
    await page.setViewportSize(first);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    return new PageWalk(page, tongues, await page.evaluateHandle(() => new Set<string>()));
  }

  get #tongue(): Tongue {
    return this.#tongues[this.#turns % this.#tongues.length] ?? 'en';
  }

  /** Loads a page in the next language, or does what loads one and waits until it is there; what has been found legible stays so. */
  async load(go: string | (() => Promise<void>)): Promise<void> {
    const known = await this.#legible.evaluate((looks) => [...looks]);
    if (this.#tongues.length > 1) {
      this.#turns++;
      await this.#page.evaluate(
        (language) => localStorage.setItem('perch.settings', JSON.stringify({ language })),
        this.#tongue,
      );
      speak(this.#tongue);
    }
    if (typeof go === 'string') await this.#page.goto(go);
    else await go();
    this.#legible = await this.#page.evaluateHandle((looks) => new Set(looks), known);
  }

  /** The language that is the turn of this page among so many takes the place of the one before, as by the person who is signed in. */
  async turnAt(index: number, pages: number): Promise<void> {
    const before = this.#tongue;
    this.#turns = Math.floor((index * this.#tongues.length) / pages);
    if (this.#tongue === before) return;
    await this.#page.locator('.who button').first().press('Enter');
    const account = this.#page.getByRole('dialog');
    await account.getByLabel(word('language'), { exact: true }).selectOption(this.#tongue);
    speak(this.#tongue);
    await expect(account.getByRole('heading', { name: word('account'), exact: true })).toBeVisible();
    await this.#page.keyboard.press('Escape');
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
    const theme = index % 2 === 0 ? 'light' : 'dark';
    for (const screen of isComplete ? SCREENS : [first]) {
      if (isComplete) await page.setViewportSize(screen);
      const at = `${state} at ${String(screen.width)}, ${this.#tongue}`;
      // Where the keys lead to depends on the direction; on the words only by where the lines end.
      if (screen === first || this.#tongue === 'en' || this.#tongue === 'mirrored')
        await expectWalkable(page, at);
      await expectFitting(page, at);
      if (isComplete && this.#tongue === 'en') await expectAccessibleInBoth(page, at);
      else if (isComplete) await expectAccessibleState(page, at, theme, this.#legible);
      else await expectAccessibleState(page, at, theme, this.#legible, OVER);
    }
    if (isComplete) await page.setViewportSize(first);
  }
}
