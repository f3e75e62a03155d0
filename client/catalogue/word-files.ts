import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Language, languages } from '@perch/shared';
import type { Plugin, Rolldown } from 'vite';
import { type Catalogue, catalogueOf, type Text } from './catalogue.ts';
import { manifestIn } from './manifest.ts';
import { mirroredCatalogue } from './mirrored.ts';

const GROUPS = ['first', 'parts', 'management'] as const;
type Group = (typeof GROUPS)[number];
type Chunks = Readonly<Record<string, Rolldown.RenderedChunk>>;

/** The module of a group's words in a language, and in its code the place of the words. */
const MODULE = /^words-(\w+)-(\w+)$/;
const PLACE = /__words_(\w+?)_in_(\w+?)__/g;
const LEFT = /__(?:words|text)_\w+/;
const USED = /\bm\.([a-z]\w*)/g;
const IMPORTS = /^import\b[^;]*;/gm;
/** All texts at once, as they are handed on or chosen from: a build finds a text only where it is named. */
const UNNAMED = /(?<![\w$.'"`-])m(?![\w$'"`-]|\.[a-z])/;
const KEY = /__text_(\w+?)__/g;
/** What may say texts. */
const OURS = /\/client\/src\/.*\.(?:ts|svelte)$/;
/** Which groups a page says at first; `terminal.html` has the others loaded when it needs them. */
const OF_PAGES: Readonly<Record<string, readonly Group[]>> = {
  'terminal.html': ['first'],
  'admin.html': GROUPS,
};
const OF_OTHERS: readonly Group[] = ['first', 'parts'];
/** What an installed phone is called, and its shortcuts. */
const MANIFEST = new URL('../public/manifest.webmanifest', import.meta.url);
/** What the HTML files say themselves, before any script runs. */
const IN_HTML = ['product_description', 'still_loading'];

/**
 * Has the words of one language at a time loaded: in the code, each text becomes a number (`m[12]`), and for each language there are three files
 * with the texts of these numbers. It leaves a copy of each page for each language, which has that language's words fetched with the scripts.
 *
 * @param isMirrored each language is written backwards, on pages from right to left (`mirrored.ts`)
 */
export function wordFiles(isMirrored = false): Plugin {
  const wordsIn = (language: Language): Catalogue =>
    isMirrored ? mirroredCatalogue(catalogueOf(language)) : catalogueOf(language);
  const catalogues = new Map(languages.map((language) => [language, wordsIn(language)]));
  const texts = Object.keys(catalogueOf('en'));
  let numbers: ReadonlyMap<string, number> | undefined;
  let groups: ReadonlyMap<string, Group> = new Map();

  function arrange(chunks: Chunks): void {
    groups = groupsOf(texts, chunks);
    const ordered = GROUPS.flatMap((group) => texts.filter((text) => groups.get(text) === group));
    numbers = new Map(ordered.map((text, index) => [text, index]));
  }

  return {
    name: 'word-files',
    apply: 'build',
    enforce: 'post',
    buildStart() {
      numbers = undefined;
    },
    resolveId: (id) => (MODULE.test(id) ? id : undefined),
    load(id) {
      const [, group, language] = MODULE.exec(id) ?? [];
      if (group !== undefined) return `export default __words_${group}_in_${String(language)}__`;
      return /\/client\/src\/words\/files\.ts$/.test(id) ? loader() : undefined;
    },
    transform(code, id) {
      if (!OURS.test(id)) return;
      if (!code.includes('/words/messages.svelte')) {
        const said = [...code.matchAll(USED)].find(([, key = '']) => texts.includes(key));
        if (said !== undefined)
          throw new Error(`${id}: ${said[0]} is not of the texts of messages.svelte.ts`);
        return;
      }
      if (UNNAMED.test(code.replaceAll(IMPORTS, '')))
        throw new Error(`${id}: name each of the texts that are handed on or chosen, as m.hold`);
      return code.replaceAll(USED, (found, key: string) =>
        texts.includes(key) ? `m[__text_${key}__]` : found,
      );
    },
    renderChunk(code, _chunk, _options, { chunks }) {
      if (numbers === undefined) arrange(chunks);
      return code
        .replaceAll(KEY, (_, key: string) => String(numbers?.get(key)))
        .replaceAll(PLACE, (_, group: Group, language: Language) =>
          JSON.stringify(
            wordsOf(
              catalogues.get(language) ?? {},
              texts.filter((text) => groups.get(text) === group),
              numbers ?? new Map(),
            ),
          ),
        );
    },
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        const [left] = (file.type === 'chunk' && LEFT.exec(file.code)) || [];
        if (left !== undefined) throw new Error(`${file.fileName}: ${left} has no words`);
      }
    },
    async writeBundle({ dir = '' }, bundle) {
      const files = new Map(
        Object.values(bundle).flatMap((file) => {
          const module = file.type === 'chunk' ? file.moduleIds.find((id) => MODULE.test(id)) : undefined;
          return module === undefined ? [] : [[module, file.fileName] as const];
        }),
      );
      const manifest = await readFile(MANIFEST, 'utf8');
      for (const [language, catalogue] of catalogues)
        if (language !== 'en')
          await writeFile(
            join(dir, `manifest.${language}.webmanifest`),
            manifestIn(manifest, language, catalogue),
          );
      for (const page of Object.keys(bundle).filter((file) => file.endsWith('.html'))) {
        const html = await readFile(join(dir, page), 'utf8');
        for (const [language, catalogue] of catalogues) {
          const words = (OF_PAGES[page] ?? OF_OTHERS).map(
            (group) => files.get(`words-${group}-${language}`) ?? '',
          );
          const name = language === 'en' ? page : page.replace('.html', `.${language}.html`);
          const said = inLanguage(html, language, catalogue, words);
          await writeFile(join(dir, name), isMirrored ? said.replace('dir="ltr"', 'dir="rtl"') : said);
        }
      }
    },
  };
}

/** The code of `client/src/words/files.ts` in a build. */
function loader(): string {
  const files = languages.map((language) => {
    const imports = GROUPS.map((group) => `${group}: () => import('words-${group}-${language}')`);
    return `${language}: { ${imports.join(', ')} }`;
  });
  return `const files = { ${files.join(', ')} };
    export const builtIn = [];
    export const loadWords = async (language, group) => (await files[language][group]()).default;`;
}

/** In which file each text comes: with the first that needs it. */
function groupsOf(texts: readonly string[], chunks: Chunks): ReadonlyMap<string, Group> {
  const reached = (
    from: readonly string[],
    into: (chunk: Rolldown.RenderedChunk) => readonly string[],
  ): ReadonlySet<string> => {
    const found = new Set<string>();
    const visit = (name: string): void => {
      const chunk = chunks[name];
      if (chunk === undefined || found.has(name)) return;
      found.add(name);
      into(chunk).forEach(visit);
    };
    from.forEach(visit);
    return found;
  };
  const entries = Object.values(chunks).filter(({ isEntry }) => isEntry);
  const phone = entries.filter(({ facadeModuleId }) => facadeModuleId?.endsWith('terminal.html'));
  // The script of the page imports what the page is made of.
  const first = reached(
    phone.flatMap(({ fileName, dynamicImports }) => [fileName, ...dynamicImports]),
    ({ imports }) => imports,
  );
  const parts = reached(
    entries
      .filter(({ facadeModuleId }) => facadeModuleId?.endsWith('admin.html') !== true)
      .map(({ fileName }) => fileName),
    ({ imports, dynamicImports }) => [...imports, ...dynamicImports],
  );
  const saidIn = (names: ReadonlySet<string>): ReadonlySet<string> =>
    new Set(
      [...names].flatMap((name) =>
        Object.values(chunks[name]?.modules ?? {}).flatMap(({ code }) =>
          [...(code ?? '').matchAll(KEY)].map(([, key = '']) => key),
        ),
      ),
    );
  const [saidAtFirst, saidInParts] = [saidIn(first), saidIn(parts)];
  return new Map(
    texts.map((text) => [
      text,
      saidAtFirst.has(text) ? 'first' : saidInParts.has(text) ? 'parts' : 'management',
    ]),
  );
}

/** The words of a group: those that come first as a list, others by their numbers. */
function wordsOf(
  catalogue: Catalogue,
  texts: readonly string[],
  numbers: ReadonlyMap<string, number>,
): object {
  const words = texts.map((text) => catalogue[text] ?? catalogueOf('en')[text]);
  const first = numbers.get(texts[0] ?? '');
  return first === 0
    ? words
    : Object.fromEntries(texts.map((text, index) => [String(numbers.get(text)), words[index]] as const));
}

const plain = (text: Text | undefined): string => (typeof text === 'string' ? text : '');

function inLanguage(
  html: string,
  language: Language,
  catalogue: Catalogue,
  words: readonly string[],
): string {
  const english = catalogueOf('en');
  const translated = IN_HTML.reduce((said, key) => {
    const text = plain(english[key]);
    if (!said.includes(text)) throw new Error(`no page says “${text}” of the text ${key}`);
    return said.replaceAll(text, plain(catalogue[key] ?? text));
  }, html);
  const links = words.map((file) => `<link rel="modulepreload" crossorigin href="/${file}">`).join('');
  return translated
    .replace('<html lang="en"', `<html lang="${language}"`)
    .replace(
      '/manifest.webmanifest',
      language === 'en' ? '/manifest.webmanifest' : `/manifest.${language}.webmanifest`,
    )
    .replace('</head>', `${links}</head>`);
}
