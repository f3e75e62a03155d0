import type { Page } from '@playwright/test';

/** The person goes to another window, or comes back. Playwright keeps all pages visible: this one is told otherwise. */
export const turn = (page: Page, state: DocumentVisibilityState): Promise<void> =>
  page.evaluate((value) => {
    Object.defineProperty(document, 'visibilityState', { value, configurable: true });
    Object.defineProperty(document, 'hidden', { value: value === 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
