import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Rolldown } from 'vite';
import { expect, onTestFinished, test } from 'vitest';
import { styleFiles } from './style-files.ts';

const FILES = {
  'terminal.html': '<script type="module" src="/main.js"></script>',
  'main.js': `void import('./first.js');`,
  'first.js': `import './first.css'; import { small } from './small.js'; small(); window.open = () => [import('./late.js'), import('./later.js')];`,
  'small.js': `import './small.css'; export const small = () => console.log('small');`,
  'late.js': `import './late.css'; window.more = () => import('./more.js');`,
  'later.js': `import './later.css'; console.log('later');`,
  'more.js': `import './more.css'; console.log('more');`,
  'admin.html': '<script type="module" src="/admin.js"></script>',
  'admin.js': `import './admin.css'; import { small } from './small.js'; small(); window.open = () => import('./table.js');`,
  'table.js': `import './table.css'; console.log('table');`,
  'first.css': '.first { z-index: 1; }',
  'small.css': '.small { z-index: 2; }',
  'late.css': '.late { z-index: 3; }',
  'later.css': '.later { z-index: 4; }',
  'more.css': '.more { z-index: 5; }',
  'admin.css': '.admin { z-index: 6; }',
  'table.css': '.table { z-index: 7; }',
};

/** The files of a build, by their names. */
async function built(files: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, string>> {
  const root = mkdtempSync(join(tmpdir(), 'perch-styles-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'public'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  const result = (await build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [styleFiles()],
    build: {
      write: false,
      rolldownOptions: { input: ['terminal.html', 'admin.html'].map((page) => join(root, page)) },
    },
  })) as Rolldown.RolldownOutput;
  return new Map(
    result.output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source.toString()]),
  );
}

const said = (files: ReadonlyMap<string, string>): Record<string, string[]> =>
  Object.fromEntries(
    [...files]
      .filter(([name]) => name.endsWith('.css'))
      .map(([name, text]) => [
        name.replace(/^assets\/|-[\w-]{8}\.css$/g, ''),
        [...text.matchAll(/\.(\w+)\{/g)].map(([, rule = '']) => rule).sort(),
      ]),
  );

test('a style is in the file of the first that needs it', async () => {
  expect(said(await built(FILES))).toEqual({
    phone: ['first', 'small'],
    parts: ['late', 'later', 'more'],
    management: ['admin', 'table'],
  });
});

test('where a style has changed, no file keeps its name with other contents', async () => {
  const before = await built(FILES);
  for (const name of Object.keys(FILES).filter((file) => file.endsWith('.css'))) {
    const after = await built({ ...FILES, [name]: '.changed { z-index: 8; }' });
    const kept = [...after].filter(([file]) => file.startsWith('assets/') && before.has(file));
    expect(kept.filter(([file, text]) => before.get(file) !== text)).toEqual([]);
    for (const [file, text] of after)
      for (const [named] of text.matchAll(/assets\/[\w-]+\.css/g))
        expect([file, after.has(named)]).toEqual([file, true]);
  }
});
