import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SOURCES = fileURLToPath(new URL('..', import.meta.url));
const STYLES = /<style[^>]*>(.*?)<\/style>/gs;
const DECLARATION = /([\w-]+):\s*([^;{}]+);/g;
/** A value in parts: each is a word, or a function with all that is in its brackets. */
const PARTS = /(?:[^\s()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))+/g;
const OF_FOUR_SIDES = /^(margin|padding|inset|border-(width|style|color|radius)|scroll-(margin|padding))$/;

/**
 * The declarations that mean a side of the screen where they should mean a side of the text: a page from right to left is drawn with the same
 * styles. A rule that says `:dir(` has thought of both.
 */
function physical(css: string): readonly string[] {
  return css
    .replaceAll(/\/\*.*?\*\//gs, '')
    .split('}')
    .filter((rule) => !rule.includes(':dir('))
    .flatMap((rule) => [...rule.matchAll(DECLARATION)])
    .flatMap(([declaration, property = '', value = '']) => {
      const [, right, , left] = value.match(PARTS) ?? [];
      const isLopsided = OF_FOUR_SIDES.test(property) && left !== undefined && right !== left;
      const isNamed = /(^|-)(left|right)(-|$)/.test(property) || /\b(left|right)\b/.test(value);
      const isMoved = /translateX|translate3?d?\((?!0[,\s])/.test(value);
      return isLopsided || isNamed || isMoved ? [declaration] : [];
    });
}

test.for([
  'p { margin-left: 1rem; }',
  'p { left: 0; }',
  'p { text-align: right; }',
  'p { border-top-left-radius: 2px; }',
  'p { padding: 0 calc(1px + var(--a)) 0 2px; }',
  'p { background: linear-gradient(to right, red, blue); }',
  'p { transform: translateX(1rem); }',
])('%s means a side of the screen', (css) => {
  expect(physical(css)).toHaveLength(1);
});

test.for([
  'p { margin-inline: 0 1rem; padding: 1px 2px 3px; inset: 0 2px 0 2px; }',
  'p { text-align: end; translate: 0 1rem; transform: translateY(2px); }',
  'p:dir(rtl) { transform: translateX(-1rem); }',
  '/* On the right: */ p { color: red; }',
])('%s does not', (css) => {
  expect(physical(css)).toEqual([]);
});

test('no style of ours means a side of the screen', () => {
  const found = globSync('**/*.{svelte,css}', { cwd: SOURCES }).flatMap((file) => {
    const text = readFileSync(`${SOURCES}/${file}`, 'utf8');
    const styles = file.endsWith('.css') ? [text] : [...text.matchAll(STYLES)].map(([, css = '']) => css);
    return styles.flatMap(physical).map((declaration) => `${file}: ${declaration}`);
  });
  expect(found).toEqual([]);
});
