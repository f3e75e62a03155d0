import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import GroupPicker from './group-picker.svelte';

let picker: ReturnType<typeof mount> | undefined;
afterEach(() => {
  if (picker) void unmount(picker);
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

/** The picker where these groups exist and one of them, or another, is chosen. */
async function open(groups: readonly string[], ...chosen: readonly string[]) {
  vi.stubGlobal('fetch', async () => Response.json(groups));
  const props = $state({ chosen, error: undefined });
  picker = mount(GroupPicker, { target: document.body, props });
  const boxes = () =>
    [...document.querySelectorAll('label')].map((label) => {
      const box = label.querySelector('input');
      return [label.textContent.trim(), box?.checked] as const;
    });
  await vi.waitFor(() => expect(boxes().length).toBeGreaterThanOrEqual(groups.length));
  return { props, boxes };
}

test('groups are chosen among those that there are, and one that is gone can be taken away', async () => {
  const { boxes } = await open(['Sales', 'Support'], 'Night shift');
  expect(boxes()).toEqual([
    ['Sales', false],
    ['Support', false],
    ['Night shift', true],
  ]);
  document.querySelectorAll('input')[1]?.click();
  document.querySelectorAll('input')[2]?.click();
  flushSync();
  expect(boxes()).toEqual([
    ['Sales', false],
    ['Support', true],
    ['Night shift', false],
  ]);
});

test('where the server cannot be asked it does not say that there are none', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no server')));
  picker = mount(GroupPicker, { target: document.body, props: { chosen: [], error: undefined } });
  await vi.waitFor(() => expect(document.querySelector('[role="alert"]')?.textContent).not.toBe(''));
  expect(document.querySelector('fieldset')?.textContent).not.toContain('No extension is in a group');
});

test('where there are none it says so, and where they are set', async () => {
  await open([]);
  await vi.waitFor(() =>
    expect(document.querySelector('fieldset')?.textContent).toContain(
      'The page of an extension sets its group.',
    ),
  );
});
