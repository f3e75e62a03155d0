import { pageAt } from '../page-addresses.ts';
import { languageChosen } from './words.ts';

/** What a page without the network comes from. */
export interface PageStore {
  /** The file of that path in the store of the worker. */
  readonly stored: (path: string) => Promise<Response | undefined>;
  /** From the server; rejects where it cannot be reached. */
  readonly fetched: () => Promise<Response>;
}

/**
 * The page at an address, in the language that was chosen in this browser: from the store, where it has it, or else from the server; where neither
 * has it, the English one, whose script says all in the right language.
 */
export async function pageFrom({ stored, fetched }: PageStore, pathname: string): Promise<Response> {
  const file = `/${pageAt(pathname) ?? ''}`;
  const language = await languageChosen();
  const translated = language === 'en' ? file : file.replace('.html', `.${language}.html`);
  const kept = await stored(translated);
  if (kept !== undefined) return kept;
  return fetched().catch(async (error: unknown) => {
    const english = await stored(file);
    if (english === undefined) throw error;
    return english;
  });
}
