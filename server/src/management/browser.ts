/** The browser from which a request comes: its User-Agent, and its address. */
export interface Browser {
  readonly browser: string | null;
  readonly address: string | null;
}

/** Characters of a User-Agent that are kept. */
const LONGEST_NAME = 256;

/** As it is stored. PURE. */
export const keptBrowser = ({ browser, address }: Browser): Browser => ({
  browser: browser?.slice(0, LONGEST_NAME) ?? null,
  address,
});

/** Where a session is opened by a program of ours. */
export const NO_BROWSER: Browser = { browser: null, address: null };
