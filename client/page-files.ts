import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { PAGES, pageAt } from './page-addresses.ts';

/** For Vite: every page is a program of its own, so that it loads what it needs and nothing else. */
export const pageInputs = Object.keys(PAGES);

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
          const file = pageAt(new URL(request.url ?? '/', 'http://localhost').pathname);
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
