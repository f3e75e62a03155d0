import type { Page } from '@playwright/test';
import type { Catalogue } from '../../catalogue/catalogue.ts';
import { mirroredCatalogue } from '../../catalogue/mirrored.ts';

/** The words of English, as a build has them: a module with nothing but a value. */
const WORDS = /\/assets\/words-\w+-en-[^/]*\.js$/;

/** Has the pages that are loaded from now on in the pseudo-language from right to left, as `--mode ar-XB` builds them. */
export async function mirrorPages(page: Page): Promise<void> {
  await page.route(WORDS, async (route) => {
    const response = await route.fetch();
    const code = Buffer.from(await response.body()).toString('base64');
    const { default: words } = (await import(`data:text/javascript;base64,${code}`)) as {
      default: Catalogue;
    };
    const mirrored: Catalogue = mirroredCatalogue(words);
    const said = Array.isArray(words) ? Object.values(mirrored) : mirrored;
    await route.fulfill({ response, body: `export default ${JSON.stringify(said)}` });
  });
  // A page that a test answers for may not open a connection to a server of this machine, so the server's is turned around.
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      const html = document.querySelector('html');
      if (html === null) return;
      html.dir = 'rtl';
      observer.disconnect();
    }).observe(document, { childList: true });
  });
}
