import { expect, test } from 'vitest';
import { shortcutOf } from './shortcuts.ts';

const press = (code: string, modifiers: Partial<KeyboardEvent> = {}): KeyboardEvent =>
  ({ altKey: true, shiftKey: true, ctrlKey: false, metaKey: false, code, ...modifiers }) as KeyboardEvent;

test.for([
  ['KeyA', {}, 'answer'],
  ['KeyE', {}, 'end'],
  ['KeyX', {}, undefined],
  ['Escape', {}, undefined],
  ['KeyE', { altKey: false }, undefined],
  ['KeyE', { shiftKey: false }, undefined],
  ['KeyE', { ctrlKey: true }, undefined],
  ['KeyE', { metaKey: true }, undefined],
] as const)('%s with %o: %s', ([code, modifiers, shortcut]) => {
  expect(shortcutOf(press(code, modifiers))).toBe(shortcut);
});
