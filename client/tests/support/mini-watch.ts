import type { CDPSession, Page } from '@playwright/test';
import type { Handset } from './handset.ts';

declare global {
  interface Window {
    documentPictureInPicture: { readonly window: Window | null };
    /** Does not keep it. */
    perchMini?: WeakRef<Document>;
  }
}

/** The mini phone of a page, and whether the page keeps anything of it. */
export class MiniWatch {
  readonly window: Page;
  readonly #page: Page;
  readonly #devTools: CDPSession;

  private constructor(window: Page, page: Page, devTools: CDPSession) {
    this.window = window;
    this.#page = page;
    this.#devTools = devTools;
  }

  static async open(handset: Handset): Promise<MiniWatch> {
    const { page } = handset;
    const opened = page.context().waitForEvent('page');
    await handset.act('mini_phone');
    const window = await opened;
    await page.evaluate(() => {
      const { document: shown } = self.documentPictureInPicture.window ?? {};
      if (shown !== undefined) self.perchMini = new WeakRef(shown);
    });
    return new MiniWatch(window, page, await page.context().newCDPSession(page));
  }

  /** Is what it has shown still in the memory of the page, once all is collected that can be? */
  async isKept(): Promise<boolean> {
    await this.#devTools.send('HeapProfiler.collectGarbage');
    return this.#page.evaluate(() => {
      const { documentPictureInPicture, perchMini } = self;
      if (perchMini === undefined) throw new Error('there was no mini phone');
      return documentPictureInPicture.window !== null || perchMini.deref() !== undefined;
    });
  }
}
