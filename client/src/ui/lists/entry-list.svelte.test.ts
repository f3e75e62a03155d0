import { type Component, createRawSnippet, flushSync, mount, tick, unmount } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import EntryList from './entry-list.svelte';

let leave: () => Promise<void>;
afterEach(async () => {
  await leave();
  document.body.replaceChildren();
});

interface Entry {
  readonly id: string;
}

/** A list of sessions, each with the key that ends it. */
function opened() {
  const ended: string[] = [];
  const about = createRawSnippet((entry: () => Entry) => ({ render: () => `<p>${entry().id}</p>` }));
  const act = createRawSnippet((entry: () => Entry) => ({
    render: () => '<button type="button">End</button>',
    setup: (button) => {
      button.addEventListener('click', () => ended.push(entry().id));
    },
  }));
  const entries: readonly Entry[] = ['one', 'two', 'three'].map((id) => ({ id }));
  const props = $state({ title: 'Sessions', entries, about, act });
  const list = mount(EntryList as unknown as Component<typeof props>, { target: document.body, props });
  leave = () => unmount(list);
  flushSync();
  const keys = (): HTMLElement[] => [...document.querySelectorAll('button')];
  const click = (place: number, detail: number) =>
    keys()[place]?.dispatchEvent(new MouseEvent('click', { bubbles: true, detail }));
  const remove = async (gone: string): Promise<void> => {
    props.entries = props.entries.filter(({ id }) => id !== gone);
    flushSync();
    await tick();
    await tick();
  };
  return { ended, keys, click, remove };
}

test('a double click acts on one entry, also where that is gone by the second click', async () => {
  const { ended, click, remove } = opened();
  click(0, 1);
  await remove('one');
  click(0, 2);
  expect(ended).toEqual(['one']);
  click(0, 1);
  // By the keyboard.
  click(1, 0);
  expect(ended).toEqual(['one', 'two', 'three']);
});

test('where the entry that has the focus is gone, the next one has it, and not its key', async () => {
  const { keys, remove } = opened();
  keys()[1]?.focus();
  await remove('two');
  expect([document.activeElement?.tagName, document.activeElement?.querySelector('p')?.textContent]).toEqual([
    'LI',
    'three',
  ]);
  await remove('three');
  expect(document.activeElement?.querySelector('p')?.textContent).toBe('one');
});
