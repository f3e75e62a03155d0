import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import de from '../messages/de.json' with { type: 'json' };
import { wordFiles } from './word-files.ts';

const MESSAGES = `import { m } from '/client/src/words/messages.svelte.ts';`;

/** The code of a build with this file, and of its files of words. */
async function built(file: string, isMirrored = false): Promise<string> {
  const files: Readonly<Record<string, string>> = {
    '/client/src/page.ts': file,
    '/client/src/words/messages.svelte.ts': `export { loadWords } from '/client/src/words/files.ts'; export const m = said();`,
    '/client/src/words/files.ts': '',
  };
  const build = await rolldown({
    input: '/client/src/page.ts',
    plugins: [
      { name: 'files', resolveId: (id) => (id in files ? id : undefined) },
      wordFiles(isMirrored),
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

test('on request, for development, each language is written from right to left', async () => {
  const code = await built(`${MESSAGES} import en from 'words-parts-en'; say(m.hold(), en);`, true);
  expect(code).toContain('\u202EHold\u202C');
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
