import { expect, type Page } from '@playwright/test';

/** The name of what has the focus, and whether that can be seen. */
const focusOf = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    // Past the last thing, the browser's own bar has it; the stage, which no Tab reaches, where what had it is gone.
    if (element === null || element === document.body || element.matches('main > .stage'))
      return { name: '', isSeen: true };
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const labels = (element as Partial<HTMLInputElement>).labels;
    const name = element.getAttribute('aria-label') ?? labels?.[0]?.textContent ?? element.textContent;
    return {
      name: name.replaceAll(/[\u2068\u2069]/g, '').trim(),
      isSeen: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
    };
  });

/** A person with a keyboard and nothing else. */
export class Typist {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Goes on to what is called that; everything on the way shows that it has the focus. */
  async tabTo(name: string): Promise<void> {
    const passed: string[] = [];
    while (passed.length < 60) {
      await this.#page.keyboard.press('Tab');
      const { name: reached, isSeen } = await focusOf(this.#page);
      expect(isSeen, `${reached} shows the focus`).toBe(true);
      if (reached === name) return;
      passed.push(reached);
    }
    throw new Error(`Tab never comes to ${name}, but to ${passed.join(', ')}`);
  }

  async press(name: string): Promise<void> {
    await this.tabTo(name);
    await this.#page.keyboard.press('Enter');
  }

  readonly type = (keys: string): Promise<void> => this.#page.keyboard.type(keys);
  readonly key = (key: string): Promise<void> => this.#page.keyboard.press(key);

  async expectFocus(name: string): Promise<void> {
    await expect.poll(async () => (await focusOf(this.#page)).name).toBe(name);
  }

  /** Nothing that could be pressed has the focus: the next Tab leads to the first thing of the stage. */
  async expectFocusOnStage(): Promise<void> {
    const isStage = () => this.#page.evaluate(() => document.activeElement?.matches('main > .stage'));
    await expect.poll(isStage).toBe(true);
  }
}
