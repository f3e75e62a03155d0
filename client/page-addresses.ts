/** The HTML files, and the addresses that each is sent for; `index.html` also for those that are none. */
export const PAGES: Readonly<Record<string, RegExp>> = {
  'terminal.html': /^\/(station|phone)(\/[^/]*)?\/?$/,
  'admin.html': /^\/admin(\/|$)/,
  'setup.html': /^\/setup\/?$/,
  'sign-in.html': /^\/sign-in\/?$/,
  'index.html': /^\/$/,
};

/** The HTML file for the path of a URL; `undefined` where that is no page. */
export function pageAt(path: string): string | undefined {
  return Object.entries(PAGES).find(([, addresses]) => addresses.test(path))?.[0];
}
