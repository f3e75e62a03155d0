import { afterEach, beforeEach, expect, test } from 'vitest';
import { goAmongTabs } from './tabs.ts';

let list: HTMLElement;
let chosen: string[];

beforeEach(() => {
  list = document.createElement('div');
  chosen = [];
  for (const name of ['people', 'recents', 'voicemail']) {
    const tab = document.createElement('button');
    tab.setAttribute('role', 'tab');
    tab.textContent = name;
    tab.onclick = () => chosen.push(name);
    list.append(tab);
  }
  list.addEventListener('keydown', (event) => goAmongTabs(event as Parameters<typeof goAmongTabs>[0]));
  document.body.append(list);
  list.querySelector('button')?.focus();
});

afterEach(() => list.remove());

function press(key: string, modifiers: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...modifiers });
  document.activeElement?.dispatchEvent(event);
  return event;
}
const focused = (): string | null | undefined => document.activeElement?.textContent;

test('arrows go from tab to tab, round the ends, and choose', () => {
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowLeft']) press(key);
  expect(chosen).toEqual(['recents', 'voicemail', 'people', 'voicemail']);
  expect(focused()).toBe('voicemail');
});

test('Home and End go to the first and to the last', () => {
  press('End');
  press('Home');
  expect(chosen).toEqual(['voicemail', 'people']);
});

test('on a page from right to left, the left arrow goes on', () => {
  list.style.direction = 'rtl';
  press('ArrowLeft');
  expect(chosen).toEqual(['recents']);
});

test('other keys, and arrows that mean something to the browser, are left alone', () => {
  const events = [press('a'), press('ArrowRight', { altKey: true })];
  expect(events.map(({ defaultPrevented }) => defaultPrevented)).toEqual([false, false]);
  expect(chosen).toEqual([]);
});
