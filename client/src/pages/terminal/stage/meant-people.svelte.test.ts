import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import type { Phone } from '../../../state/phone.svelte.ts';
import { setPhone } from '../../../state/phone-context.ts';
import MeantPeople from './meant-people.svelte';

let list: ReturnType<typeof mount> | undefined;
afterEach(() => {
  if (list) void unmount(list);
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

/** At the phone of 101 those digits are in the field, and the history is that of this extension. */
function shown(digits: string, historyOf = '101') {
  const dialled: string[] = [];
  vi.stubGlobal('fetch', async () =>
    Response.json({
      extension: historyOf,
      next: null,
      calls: [
        {
          ...{ id: 'a', at: 1, until: 2, direction: 'out', result: 'answered', returned: false, ms: 1 },
          ...{ with: { number: '104', name: 'Dev' }, desk: null, transferred: false, messageMs: null },
        },
      ],
    }),
  );
  const colleague = (number: string, name: string) => ({ number, name, state: 'available' });
  const phone = {
    connection: { token: 't' },
    speaker: { number: '101', name: 'Ada' },
    colleagues: [colleague('102', 'Ben'), colleague('103', 'Chloe'), colleague('104', 'Dev')],
    own: { favourites: [] },
    keys: { dial: (number: string) => void dialled.push(number) },
  };
  const Within: typeof MeantPeople = (...args) => {
    setPhone(phone as unknown as Phone);
    return MeantPeople(...args);
  };
  list = mount(Within, { target: document.body, props: { digits } });
  const people = (): string[] => {
    flushSync();
    return [...document.querySelectorAll('button')].map(({ textContent }) => textContent.trim());
  };
  return { people, dialled };
}

const press = (key: string): void => {
  const target = document.activeElement ?? document.body;
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
};

test('those who are meant are offered, those of past calls first, and a touch calls', async () => {
  const { people, dialled } = shown('10');
  expect(people()).toEqual(['102 Ben', '103 Chloe', '104 Dev']);
  await vi.waitFor(() => {
    expect(people()).toEqual(['104 Dev', '102 Ben', '103 Chloe']);
  });
  document.querySelector('button')?.click();
  expect(dialled).toEqual(['104']);
});

test('the history of somebody else who was here changes nothing', async () => {
  const { people } = shown('10', '201');
  await new Promise((resolve) => setTimeout(resolve));
  expect(people()).toEqual(['102 Ben', '103 Chloe', '104 Dev']);
});

test('the arrows lead from the keypad to the first, and from one to the next', () => {
  const { people } = shown('10', '201');
  expect(people()).toHaveLength(3);
  const focused = (): string | undefined => document.activeElement?.textContent.trim();
  press('ArrowRight');
  expect(document.activeElement).toBe(document.body);
  press('ArrowUp');
  expect(focused()).toBe('102 Ben');
  press('ArrowRight');
  press('ArrowRight');
  expect(focused()).toBe('104 Dev');
  press('ArrowLeft');
  expect(focused()).toBe('103 Chloe');
});

test('digits that mean nobody leave no list', () => {
  shown('999');
  flushSync();
  expect(document.querySelector('ul')).toBeNull();
});
