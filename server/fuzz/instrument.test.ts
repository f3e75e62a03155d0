import { stripTypeScriptTypes } from 'node:module';
import { expect, test } from 'vitest';
import { instrument } from './instrument.ts';

const SOURCE = `
export function first(text: string): string {
  if (text === '') return 'empty';
  else for (const each of text) if (each === 'x') return each as string;
  switch (text.length) {
    case 1:
      return short(text) ?? 'none';
    default:
      return text.startsWith('y') && text.endsWith('z') ? 'y to z' : 'other';
  }
}
const short = (text: string): string | undefined => (text === 'a' ? undefined : text);
`;

/** The source as it runs, with as many counters as it has branches. */
async function counting(): Promise<{ first: (text: string) => string; hits: number[] }> {
  const hits: number[] = [];
  Object.assign(globalThis, { branchHits: hits });
  const source = stripTypeScriptTypes(instrument(SOURCE, () => hits.push(0) - 1));
  const url = `data:text/javascript,${encodeURIComponent(`${source}//${String(Math.random())}`)}`;
  const { first } = (await import(/* @vite-ignore */ url)) as { first: (text: string) => string };
  return { first, hits };
}

test('a source that counts its branches does what it did', async () => {
  const { first } = await counting();
  expect(['', 'axb', 'a', 'b', 'y-z', 'y', 'long'].map((text) => first(text))).toEqual([
    'empty',
    'x',
    'none',
    'b',
    'y to z',
    'y',
    'other',
  ]);
});

test('each branch counts by itself, and how often', async () => {
  const { first, hits } = await counting();
  const ran = (text: string): number[] => {
    hits.fill(0);
    first(text);
    return [...hits];
  };
  const runs = ['', 'x', 'ax', 'a', 'b', 'y-z', 'yy', 'long'].map((text) => ran(text));
  expect(new Set(runs.map(String)).size).toBe(runs.length);
  expect(Math.max(...ran('aaaaax'))).toBe(6);
  // Every branch is reached by one of them.
  expect(hits.every((_, branch) => runs.some((run) => run[branch] !== 0))).toBe(true);
});

test('lines keep their numbers', () => {
  expect(instrument(SOURCE, () => 0).split('\n').length).toBe(SOURCE.split('\n').length);
});
