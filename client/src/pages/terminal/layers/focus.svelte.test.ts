import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { flushSync, tick } from 'svelte';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PageState } from '../../../phone/page/page-state.ts';
import { followFocus } from './focus.svelte.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let state: PageState = $state('taken');
let person: string | null = $state(null);
let end: () => void;

beforeEach(() => {
  [state, person] = ['taken', 'the guest'];
  document.body.innerHTML = '<main data-state><div class="stage"></div></main>';
  end = $effect.root(() =>
    followFocus(
      () => state,
      () => (state === 'in-call' ? 'a call' : undefined),
      () => person,
    ),
  );
  flushSync();
});
afterEach(() => {
  end();
  document.body.innerHTML = '';
});

const stage = (): HTMLElement => {
  const found = document.querySelector<HTMLElement>('.stage');
  if (found === null) throw new Error('there is no stage');
  return found;
};

/** A button of the stage that is pressed. */
function pressed(name: string): HTMLElement {
  const button = document.createElement('button');
  button.setAttribute('aria-label', name);
  stage().append(button);
  button.focus();
  button.click();
  return button;
}

/** The stage is drawn anew, with these buttons. */
async function drawn(...names: readonly string[]): Promise<void> {
  stage().replaceChildren(
    ...names.map((name) => {
      const button = document.createElement('button');
      button.setAttribute('aria-label', name);
      return button;
    }),
  );
  flushSync();
  await tick();
  await new Promise((resolve) => setTimeout(resolve));
}
const focused = () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.className;

test('within a call the focus is where something was pressed, in another card', async () => {
  state = 'in-call';
  flushSync();
  pressed('Mute');
  await drawn('Hold', 'Mute');
  expect(focused()).toBe('Mute');
});

test('once somebody has left, in a call or not, nothing leads the focus to what they pressed', async () => {
  state = 'in-call';
  flushSync();
  pressed('Call 103 Chloe');
  pressed('Mute');
  person = null;
  await drawn('Call 103 Chloe');
  expect(focused()).toBe('stage');
});

test('a Tab past the last thing leaves the page, and nothing that is drawn leads back', async () => {
  const last = pressed('Favorite: 202 Server room');
  last.dispatchEvent(new KeyboardEvent('keydown', { key: 'Tab', bubbles: true }));
  last.blur();
  await drawn('Favorite: 202 Server room');
  expect(document.activeElement).toBe(document.body);

  pressed('1');
  await drawn('1');
  expect(focused()).toBe('stage');
});

test('what somebody has pressed, or had the focus, is not kept once it is gone', async () => {
  const kept = [new WeakRef(pressed('Message from Ben')), new WeakRef(pressed('Call 103 Chloe'))];
  person = null;
  await drawn('1');
  await drawn('1');
  collectGarbage();
  expect(kept.map((one) => one.deref()?.getAttribute('aria-label'))).toEqual([undefined, undefined]);
});
