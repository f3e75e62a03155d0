import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import type { VitePWAOptions } from 'vite-plugin-pwa';

type RuntimeCaching = NonNullable<VitePWAOptions['workbox']['runtimeCaching']>[number];

/** The HTML files, and the addresses that each is sent for; `index.html` also for those that are none. */
const FILES: Readonly<Record<string, RegExp>> = {
  'terminal.html': /^\/(station|phone)(\/[^/]*)?\/?$/,
  'admin.html': /^\/admin(\/|$)/,
  'setup.html': /^\/setup\/?$/,
  'index.html': /^\/$/,
};

/** For Vite: every page is a program of its own, so that it loads what it needs and nothing else. */
export const pageInputs = Object.keys(FILES);

/**
 * For the service worker: a page from its store, or from the server where the store has been emptied. Both functions become text in
 * the worker: they refer to nothing around them.
 */
export const storedPages: RuntimeCaching = {
  urlPattern: ({ request, url, sameOrigin }) =>
    sameOrigin &&
    request.mode === 'navigate' &&
    /^\/((station|phone)(\/[^/]*)?\/?|admin(\/.*)?|setup\/?)?$/.test(url.pathname),
  handler: async ({ request, url }) => {
    const files: Readonly<Record<string, string>> = { '': 'index', station: 'terminal', phone: 'terminal' };
    const page = url.pathname.split('/')[1] ?? '';
    const stored = await caches.match(`/${files[page] ?? page}.html`, { ignoreSearch: true });
    return stored ?? fetch(request);
  },
};

/**
 * Puts into every page what all have in common (`page-head.html`, and the styles that the first picture needs). While developing, it
 * also answers at the addresses of the pages.
 */
export function pageFiles(): Plugin[] {
  const text = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
  const head = (): string =>
    `${text('page-head.html')}<style>${text('src/ui/tokens.css')}${text('src/ui/shell.css')}</style>`;
  return [
    {
      name: 'page-files',
      transformIndexHtml: { order: 'pre', handler: (html) => html.replace('<head>', `<head>${head()}`) },
      configureServer({ middlewares }) {
        middlewares.use((request, _response, next) => {
          const path = new URL(request.url ?? '/', 'http://localhost').pathname;
          const file = Object.entries(FILES).find(([, addresses]) => addresses.test(path))?.[0];
          if (file !== undefined) request.url = `/${file}`;
          next();
        });
      },
    },
    {
      // What the head has is enough for the first picture: the rest of the styles comes behind it, and still before the script.
      name: 'styles-last',
      transformIndexHtml: {
        order: 'post',
        handler: (html) => {
          const [link] = /<link rel="stylesheet"[^>]*>/.exec(html) ?? [];
          return link === undefined ? html : html.replace(link, '').replace('</body>', `${link}</body>`);
        },
      },
    },
  ];
}
