import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIGURE_NAMES, FIGURES } from '@perch/shared';
import { afterEach, expect, test } from 'vitest';
import { needWords, speak } from '../../../words/messages.svelte.ts';
import { FIGURE_TEXTS, figureInWords } from './figure-words.ts';

afterEach(() => speak('en'));

test.for(FIGURE_NAMES)('docs/statistics.md and files name %s as the pages do in English', async (name) => {
  await needWords('management');
  const page = readFileSync(join(import.meta.dirname, '../../../../../docs/statistics.md'), 'utf8');
  const { name: title, definition } = FIGURE_TEXTS[name];
  expect(title()).toBe(FIGURES[name].name);
  const line = page.split('\n').find((each) => each.startsWith(`| ${title()} `));
  expect(line).toContain(` ${definition()} `);
});

test('names and numbers of figures follow the language', async () => {
  const shown = (): readonly string[] => [
    FIGURE_TEXTS.callsPerHour.name(),
    figureInWords('callsPerHour', 1_204.5),
    figureInWords('answerRate', 0.875),
  ];
  await needWords('management');
  expect(shown()).toEqual(['Calls per hour', '1,204.5', '87.5%']);
  await speak('de');
  expect(shown()).toEqual(['Anrufe je Stunde', '1.204,5', '87,5\u00a0%']);
});
