import type { Page } from '@playwright/test';

/** What a screen reader would say of a page by itself, in the order in which it would. */
export class Announcements {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async of(page: Page): Promise<Announcements> {
    await page.evaluate(listen);
    return new Announcements(page);
  }

  /** What has been said since the last time. */
  take(): Promise<string[]> {
    return this.#page.evaluate(() => window.announced.splice(0));
  }
}

declare global {
  interface Window {
    announced: string[];
  }
}

/**
 * A live region is announced when its text changes; an alert also when it comes (WAI-ARIA 1.2 §5.3.4). A status that comes with its text
 * is not: screen readers must know the region before.
 */
function listen(): void {
  window.announced = [];
  const known = new Map<Element, string>();
  /** As it is heard: without what isolates names of the other direction. */
  const textOf = (region: Element): string =>
    (region as HTMLElement).innerText
      .replaceAll(/[\u2068\u2069]/g, '')
      .replaceAll(/\s+/g, ' ')
      .trim();
  const look = (): void => {
    for (const region of document.querySelectorAll('[role="alert"], [role="status"], [aria-live]')) {
      const [before, text] = [known.get(region), textOf(region)];
      known.set(region, text);
      const comes = before === undefined && region.getAttribute('role') === 'alert';
      if (text !== '' && (comes || (before !== undefined && text !== before))) window.announced.push(text);
    }
  };
  look();
  const changes = { childList: true, subtree: true, characterData: true };
  new MutationObserver(look).observe(document.body, changes);
}
