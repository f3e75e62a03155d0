import { expect, test } from 'vitest';
import { tableOf, withFigures } from './figures.ts';

const AT = { date: '2026-01-02', commit: '0123abcd', machine: '2 cores (a processor), Node 24.0.0' };
const FIGURES = { name: 'calls', command: 'npm run bench', body: '* three\n' };

const section = (name: string, inside: string): string =>
  `<!-- figures: ${name} -->\n${inside}<!-- /figures: ${name} -->`;

test('figures take the place of those of an earlier run, and say where they come from', () => {
  const text = `Before.\n\n${section('calls', '\nold\n\n')}\n\n${section('others', '\nstay\n\n')}\n`;
  const written = withFigures(text, FIGURES, AT);
  const origin =
    'Printed by `npm run bench` on 2026-01-02, at 0123abcd, on 2 cores (a processor), Node 24.0.0.';
  expect(written).toBe(
    `Before.\n\n${section('calls', `\n${origin}\n\n* three\n\n`)}\n\n${section('others', '\nstay\n\n')}\n`,
  );
  expect(withFigures(written, FIGURES, AT)).toBe(written);
});

test.for([
  ['is missing', 'Nothing.'],
  ['is there twice', `${section('calls', '')}\n${section('calls', '')}`],
  ['has no end', '<!-- figures: calls -->\n'],
])('a section that %s is refused', ([, text]) => {
  expect(() => withFigures(text ?? '', FIGURES, AT)).toThrow('"calls" is not there once');
});

test('rows are a table', () => {
  expect(
    tableOf([
      ['what', 'ms'],
      ['a call', 3],
    ]),
  ).toBe('| what | ms |\n| --- | --- |\n| a call | 3 |');
});
