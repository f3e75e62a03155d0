import { expect, test } from 'vitest';
import { SHORTCUTS, shortcutOf } from './shortcuts.ts';

const held = { altKey: true, shiftKey: true, ctrlKey: false, metaKey: false };
const plain = { ...held, altKey: false, shiftKey: false };
const letter = (name: string) => ({ ...held, key: name, code: `Key${name}` });

test.for([
  ['Alt, Shift and a letter', letter('A'), 'answer'],
  ['another letter', letter('E'), 'end'],
  ['the place of the key, whatever Alt makes of its letter', { ...letter('M'), key: 'Â' }, 'mute'],
  ['a letter that means nothing', letter('X'), undefined],
  ['a letter without Alt', { ...letter('E'), altKey: false }, undefined],
  ['a letter without Shift', { ...letter('E'), shiftKey: false }, undefined],
  ['a letter with Control', { ...letter('E'), ctrlKey: true }, undefined],
  ['a letter with Meta', { ...letter('E'), metaKey: true }, undefined],
  ['another key', { ...held, key: 'Escape', code: 'Escape' }, undefined],
  ['a question mark', { ...plain, shiftKey: true, key: '?', code: 'Slash' }, 'list'],
  ['a question mark where it is on a key of its own', { ...plain, key: '?', code: 'Minus' }, 'list'],
  ['a question mark with Alt', { ...held, key: '?', code: 'Slash' }, undefined],
  ['a slash', { ...plain, key: '/', code: 'Slash' }, undefined],
] as const)('%s', ([, pressed, shortcut]) => {
  expect(shortcutOf(pressed, false)).toBe(shortcut);
});

test('a question mark that is written is no shortcut, and a shortcut of a call is one all the same', () => {
  expect(shortcutOf({ ...plain, key: '?', code: 'Slash' }, true)).toBeUndefined();
  expect(shortcutOf(letter('H'), true)).toBe('hold');
});

test('no two shortcuts have the same keys', () => {
  expect(new Set(Object.values(SHORTCUTS)).size).toBe(Object.keys(SHORTCUTS).length);
});
