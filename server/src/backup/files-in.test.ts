import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scratchFolder } from '../storage/support/scratch-folder.ts';
import { filesIn } from './files-in.ts';

let root: string;
beforeEach(() => {
  root = scratchFolder();
});
afterEach(() => rmSync(root, { recursive: true }));

test('the files of all folders, by their paths; a folder that is not there has none', async () => {
  mkdirSync(join(root, 'a/b'), { recursive: true });
  for (const path of ['a/b/two', 'a/one', 'three']) writeFileSync(join(root, path), '');
  expect(await filesIn(root)).toEqual(['a/b/two', 'a/one', 'three']);
  expect(await filesIn(join(root, 'none'))).toEqual([]);
});

test('a folder that is removed meanwhile takes no others with it', async () => {
  mkdirSync(join(root, 'stays'));
  writeFileSync(join(root, 'stays/message.opus'), '');
  for (let round = 0; round < 100; round++) {
    for (let count = 0; count < 20; count++) mkdirSync(join(root, `gone-${String(count)}`));
    const listed = filesIn(root);
    // At another moment of it each time.
    for (let turns = round % 10; turns > 0; turns--) await setImmediate();
    for (let count = 0; count < 20; count++) rmSync(join(root, `gone-${String(count)}`), { recursive: true });
    expect(await listed).toEqual(['stays/message.opus']);
  }
});
