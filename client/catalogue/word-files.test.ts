import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import type { Language } from '@perch/shared';
import { expect, onTestFinished, test, vi } from 'vitest';
import de from '../messages/de.json' with { type: 'json' };
import en from '../messages/en.json' with { type: 'json' };
import type * as catalogues from './catalogue.ts';
import { wordFiles } from './word-files.ts';

/** What one language does not have. */
const missing = vi.hoisted(() => ({ language: '', text: '' }));
vi.mock('./catalogue.ts', async (original) => {
  const catalogue = await original<typeof catalogues>();
  const catalogueOf = (language: Language) => {
    const { [missing.text]: _, ...rest } = catalogue.catalogueOf(language);
    return language === missing.language ? rest : catalogue.catalogueOf(language);
  };
  return { ...catalogue, catalogueOf };
});

const MESSAGES = `import { m } from '/client/src/words/messages.svelte.ts';`;

/** The code of a build with this file, and of its files of words. */
async function built(file: string, isMirrored = false, plugin = wordFiles(isMirrored)): Promise<string> {
  const files: Readonly<Record<string, string>> = {
    '/client/src/page.ts': file,
    '/client/src/words/messages.svelte.ts': `export { loadWords } from '/client/src/words/files.ts'; export const m = said();`,
    '/client/src/words/files.ts': '',
    '/node_modules/form/index.ts': 'export const said = (m) => m.hold();',
  };
  const build = await rolldown({
    input: '/client/src/page.ts',
    plugins: [
      { name: 'files', resolveId: (id) => (id in files ? id : undefined) },
      plugin,
      { name: 'texts', load: (id) => files[id] },
    ],
    logLevel: 'silent',
  });
  const { output } = await build.generate({});
  return output.map((each) => (each.type === 'chunk' ? each.code : '')).join('\n');
}

test('a text is said by its number, of which each language has its words', async () => {
  const code = await built(`${MESSAGES} import { loadWords } from '/client/src/words/messages.svelte.ts';
    say(m.incoming_call(), { answer: m.answer }, loadWords);`);
  const [, incoming = '', answer = ''] = /say\(m\[(\d+)\]\(\), \{ answer: m\[(\d+)\] \}/.exec(code) ?? [];
  expect([incoming, answer]).toEqual([expect.stringMatching(/\d/), expect.stringMatching(/\d/)]);
  expect(code).toContain(JSON.stringify(de.incoming_call));
  expect(code).not.toMatch(/__(words|text)_/);
});

test('what is built again says what its texts are by then', async () => {
  const plugin = wordFiles();
  const load = `import { loadWords } from '/client/src/words/messages.svelte.ts'; load(loadWords);`;
  await built(`${MESSAGES} ${load} say(m.hold());`, false, plugin);
  const code = await built(`${MESSAGES} ${load} say(m.incoming_call());`, false, plugin);
  expect(code).toBe(await built(`${MESSAGES} ${load} say(m.incoming_call());`));
});

test('what is called m, and is no text, stays as it is', async () => {
  expect(await built(`${MESSAGES} say(m.hold(), point.m.length);`)).toContain('point.m.length');
  expect(await built(`say(point.m.length);`)).toContain('point.m.length');
});

test('on request, for development, each language is written from right to left', async () => {
  const code = await built(`${MESSAGES} import en from 'words-parts-en'; say(m.hold(), en);`, true);
  expect(code).toContain('\u202EHold\u202C');
});

test('a text that a language does not have yet is said in English', async () => {
  Object.assign(missing, { language: 'de', text: 'hold' });
  const code = await built(`${MESSAGES} import de from 'words-parts-de'; say(m.hold(), de);`);
  missing.language = '';
  expect(code).toContain(JSON.stringify(en.hold));
});

test('several places of words that come in one file all have them', async () => {
  const code = await built(
    `import en from 'words-management-en'; import de from 'words-management-de'; say(en, de);`,
  );
  expect(code).not.toMatch(/__(words|text)_/);
});

test.for([
  ['texts that are an argument', `export const said = (m) => m.incoming_call();`],
  ['texts that are handed on', `${MESSAGES} say(m);`],
  ['a text that is chosen by its name', `${MESSAGES} say(m[kind]());`],
  ['texts under another name', `${MESSAGES} export const texts = m;`],
  ['a place without words', `say(__text_incoming_call);`],
] as const)('%s: the build fails rather than say nothing there', async ([, file]) => {
  await expect(built(file)).rejects.toThrow(/texts|has no words/);
});

const HTML = `<html lang="en" dir="ltr"><head><meta content="${en.product_description}" />
  <link rel="manifest" href="/manifest.webmanifest" /></head><body>${en.still_loading}</body></html>`;
const PAGES = ['terminal.html', 'admin.html', 'index.html'] as const;

/** The folder of a build with these pages, of which each says what it is to. */
async function written(html = HTML, isMirrored = false): Promise<(file: string) => string> {
  const files: Readonly<Record<string, string>> = {
    '/client/terminal.html': `import('/client/src/terminal.ts');`,
    '/client/admin.html': `import('/client/src/admin.ts');`,
    '/client/index.html': `import('/client/src/home.ts');`,
    '/client/src/terminal.ts': `${MESSAGES} import { call } from '/client/src/call.ts'; say(m.call_without_server(), call); load(() => import('/client/src/part.ts'));`,
    '/client/src/call.ts': `${MESSAGES} export const call = () => m.sign_in_beware();`,
    '/client/src/part.ts': `${MESSAGES} say(m.station_code_scan());`,
    '/client/src/admin.ts': `${MESSAGES} say(m.personal_data_why(), m.call_without_server());`,
    '/client/src/home.ts': `${MESSAGES} import { loadWords } from '/client/src/words/files.ts'; say(m.motto(), loadWords);`,
    '/client/src/words/messages.svelte.ts': `export const m = said();`,
    '/client/src/words/files.ts': '',
  };
  const build = await rolldown({
    input: PAGES.map((page) => `/client/${page}`),
    plugins: [
      {
        name: 'files',
        resolveId: (id) => (id in files ? id : undefined),
        generateBundle() {
          for (const fileName of PAGES) this.emitFile({ type: 'asset', fileName, source: html });
        },
      },
      wordFiles(isMirrored),
      {
        name: 'texts',
        load: (id) => (id in files ? { code: files[id] ?? '', moduleType: 'js' } : undefined),
      },
    ],
    logLevel: 'silent',
  });
  const dir = mkdtempSync(join(tmpdir(), 'word-files-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  await build.write({ dir, chunkFileNames: '[name].js', minify: false });
  return (file) => {
    const found = readdirSync(dir).find((name) => name === file);
    if (found === undefined) throw new Error(`there is no ${file} among ${readdirSync(dir).join(', ')}`);
    return readFileSync(join(dir, file), 'utf8');
  };
}

/** The words that a page has fetched with its scripts. */
const fetchedBy = (html: string): readonly string[] =>
  [...html.matchAll(/<link rel="modulepreload" crossorigin href="\/words-(\w+)-(\w+)\.js">/g)].map(
    ([, group = '', language = '']) => `${group} in ${language}`,
  );

test('each page has the words fetched that it says at first, in the language of its copy', async () => {
  const read = await written();
  expect(fetchedBy(read('terminal.de.html'))).toEqual(['first in de']);
  expect(fetchedBy(read('terminal.html'))).toEqual(['first in en']);
  expect(fetchedBy(read('admin.de.html'))).toEqual(['first in de', 'parts in de', 'management in de']);
  expect(fetchedBy(read('index.fr.html'))).toEqual(['first in fr', 'parts in fr']);
  expect(read('terminal.de.html')).toMatch(/<html lang="de" dir="ltr">[^]*<\/head>/);
  expect(read('terminal.de.html')).toContain(de.product_description);
  expect(read('terminal.de.html')).toContain(de.still_loading);
  expect(read('terminal.de.html')).toContain('href="/manifest.de.webmanifest"');
  expect(read('terminal.html')).toContain('href="/manifest.webmanifest"');
  expect(() => read('manifest.en.webmanifest')).toThrow('there is no manifest.en.webmanifest');
  expect(read('manifest.de.webmanifest')).toContain(de.keypad);
});

test('a text comes with the first that says it: as one of a list where that is a phone, otherwise by its number', async () => {
  const read = await written();
  const [first, parts, management] = ['first', 'parts', 'management'].map((group) =>
    read(`words-${group}-de.js`),
  );
  expect(first).toMatch(/\[[^{]*\]/);
  for (const [text, words] of [
    [de.call_without_server, first],
    [de.sign_in_beware, first],
    [de.station_code_scan, parts],
    [de.motto, parts],
    [de.personal_data_why, management],
  ] as const) {
    const quoted = `:${JSON.stringify(text)}`;
    for (const each of [first, parts, management])
      expect([text, each?.includes(each === first ? JSON.stringify(text) : quoted)]).toEqual([
        text,
        each === words,
      ]);
  }
  const [, number = ''] = /say\(m\[(\d+)\]\(\)\)/.exec(read('part.js')) ?? [];
  expect(parts).toMatch(new RegExp(`\\b"?${number}"?:${JSON.stringify(de.station_code_scan)}`));
});

test('a page whose sentence is no text of the catalogue fails the build', async () => {
  await expect(written(HTML.replace(en.still_loading, 'Wait.'))).rejects.toThrow('still_loading');
});

test('mirrored, the pages are from right to left', async () => {
  const read = await written(HTML, true);
  expect(read('terminal.html')).toContain('<html lang="en" dir="rtl">');
});

test('what others have written may call anything m', async () => {
  const code = await built(`import { said } from '/node_modules/form/index.ts'; say(said);`);
  expect(code).toContain('m.hold()');
});
