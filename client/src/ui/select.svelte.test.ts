import { mount, unmount } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import Select from './select.svelte';

let leave: () => Promise<void>;

afterEach(() => leave());

const OPTIONS = ['one', 'two', 'three'].map((value) => ({ value, label: value }));

/** A field whose choices are answered by the test, in order. */
function opened() {
  const answers: ((isTaken: boolean) => void)[] = [];
  const onchange = (): Promise<boolean> => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    answers.push(resolve);
    return promise;
  };
  const props = { label: 'Number', value: 'one', options: OPTIONS, onchange };
  const field = mount(Select, { target: document.body, props });
  leave = () => unmount(field);
  const select = document.querySelector('select');
  if (select === null) throw new Error('there is no field');
  const choose = (value: string): void => {
    select.value = value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  };
  return { answers, choose, select };
}

test('a choice that is refused does not look chosen', async () => {
  const { answers, choose, select } = opened();
  choose('two');
  expect(select.value).toBe('two');
  answers[0]?.(false);
  await vi.waitFor(() => expect(select.value).toBe('one'));
});

test('the refusal of a choice leaves the next, and what is taken stands until it is known', async () => {
  const { answers, choose, select } = opened();
  choose('two');
  choose('three');
  answers[0]?.(false);
  answers[1]?.(true);
  // By then everything that follows an answer has happened.
  await new Promise((resolve) => setTimeout(resolve));
  expect(select.value).toBe('three');
});
