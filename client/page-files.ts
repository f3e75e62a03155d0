import { readFileSync } from 'node:fs';
import type { Plugin, Rolldown } from 'vite';
import { PAGES, pageAt } from './page-addresses.ts';

type Chunk = Pick<Rolldown.OutputChunk, 'fileName' | 'imports' | 'viteMetadata'>;

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
    preloadImported(),
    {
      // What the head has is enough for the first picture: the rest of the styles comes behind it, and still before the script.
      name: 'styles-last',
      transformIndexHtml: {
        order: 'post',
        handler: (html) => {
          const links = html.match(/<link rel="stylesheet"[^>]*>/g) ?? [];
          const without = links.reduce((rest, link) => rest.replace(link, ''), html);
          return without.replace('</body>', `${links.join('')}</body>`);
        },
      },
    },
  ];
}

/** Has what the script of a page imports as it begins (`main.ts`), and its styles, fetched with the script itself. */
function preloadImported(): Plugin {
  let importedBy: (module: string) => readonly string[] = () => [];
  return {
    name: 'preload-imported',
    apply: 'build',
    buildEnd() {
      importedBy = (module) => this.getModuleInfo(module)?.dynamicallyImportedIds ?? [];
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { path, bundle = {}, chunk: script }) {
        if (script === undefined) return [];
        const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
        const withImports = (chunk: Chunk): string[] => [
          chunk.fileName,
          ...(chunk.viteMetadata?.importedCss ?? []),
          ...chunks.filter(({ fileName }) => chunk.imports.includes(fileName)).flatMap(withImports),
        ];
        const modules = script.moduleIds.filter((module) => module.endsWith('/main.ts')).flatMap(importedBy);
        const imported = chunks.filter(({ facadeModuleId }) => modules.includes(facadeModuleId ?? ''));
        const known = withImports(script);
        const files = new Set(imported.flatMap(withImports).filter((file) => !known.includes(file)));
        // A phone has its number painted first, and its styles are in the way of that, but no script is.
        const priority = path === '/terminal.html' ? { fetchpriority: 'low' } : {};
        return [...files].map((file) => ({
          tag: 'link',
          attrs: {
            ...(file.endsWith('.css') ? { rel: 'stylesheet' } : { rel: 'modulepreload', ...priority }),
            crossorigin: true,
            href: `/${file}`,
          },
          injectTo: 'head',
        }));
      },
    },
  };
}
