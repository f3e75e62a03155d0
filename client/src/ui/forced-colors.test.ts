import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SOURCES = fileURLToPath(new URL('..', import.meta.url));
const STYLES = /<style>(.*?)<\/style>/gs;
const RULE = /([^{}]+)\{([^{}]*)\}/g;
/** A ground that is there to be told from what is around it. */
const GROUND = /background: var\(--(?:[a-z-]*wash|sunken|key|ink)\)/;
const EDGE = /(?:border(?:-block|-inline)?|border-color|outline): /;
/** What is on, chosen or where one is. */
const STATE = /\[aria-(?:current|pressed|selected|checked)[^\]]*\]|\.on\b/;

/**
 * The rules that nobody sees who has chosen the colours of all pages: the browser paints every ground alike, and edges, also those that are transparent,
 * in the colour of text. What has a style for forced colours has thought of them.
 */
function unseen(css: string): readonly string[] {
  if (css.includes('forced-colors')) return [];
  return [...css.replaceAll(/\/\*.*?\*\//gs, '').matchAll(RULE)].flatMap(
    ([, selector = '', declared = '']) => {
      const isBox = GROUND.test(declared) && declared.includes('border-radius');
      const isState = STATE.test(selector) && /(?:background|color): /.test(declared);
      const isSeen = isState ? declared.includes('outline: ') : !isBox || EDGE.test(declared);
      return isSeen ? [] : [selector.trim().replaceAll(/\s+/g, ' ')];
    },
  );
}

test.for([
  'p { border-radius: 1px; background: var(--look-wash); }',
  'button[aria-pressed="true"] { background: var(--ink); }',
  'a[aria-current] { border-color: var(--accent); }',
  '.on, .off { color: var(--accent); }',
])('in forced colours, %s is not seen', (css) => {
  expect(unseen(css)).toHaveLength(1);
});

test.for([
  'p { border: 1px solid transparent; border-radius: 1px; background: var(--look-wash); }',
  'button[aria-pressed="true"] { outline: 2px solid var(--accent); background: var(--accent-wash); }',
  'tr:hover { background: var(--accent-wash); }',
  '.on { background: var(--ink); } @media (forced-colors: active) { .on { background: Highlight; } }',
])('in forced colours, %s is', (css) => {
  expect(unseen(css)).toEqual([]);
});

test('every box and every state of ours is seen in forced colours', () => {
  const found = globSync('**/*.svelte', { cwd: SOURCES }).flatMap((file) =>
    [...readFileSync(`${SOURCES}/${file}`, 'utf8').matchAll(STYLES)].flatMap(([, css = '']) =>
      unseen(css).map((selector) => `${file}: ${selector}`),
    ),
  );
  expect(found).toEqual([]);
});
