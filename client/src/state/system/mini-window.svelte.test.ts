import { flushSync } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import { MiniWindow, type PictureInPicture } from './mini-window.svelte.ts';

/** A browser with such windows, which come when the test lets them. */
class FakePictureInPicture implements PictureInPicture {
  window: Window | null = null;
  refuses = false;
  readonly asked: object[] = [];
  come: () => void = () => undefined;
  readonly #coming = new Promise<void>((resolve) => (this.come = resolve));

  async requestWindow(size: object): Promise<Window> {
    this.asked.push(size);
    await this.#coming;
    if (this.refuses) throw new DOMException('', 'NotAllowedError');
    const blank = document.implementation.createHTMLDocument();
    Object.defineProperty(blank, 'adoptedStyleSheets', { writable: true, value: [] });
    const opened = Object.assign(new EventTarget(), {
      document: blank,
      CSSStyleSheet: class {
        text = '';
        replaceSync(text: string): void {
          this.text = text;
        }
      },
      close: () => {
        if (this.window === null) return;
        this.window = null;
        opened.dispatchEvent(new Event('pagehide'));
      },
    });
    this.window = opened as unknown as Window;
    return this.window;
  }
}

function page() {
  const host = new FakePictureInPicture();
  const filled: HTMLElement[] = [];
  const mini = new MiniWindow(host, (body) => {
    filled.push(body);
    return () => void filled.splice(filled.indexOf(body), 1);
  });
  return { host, filled, mini };
}
const always = (): boolean => true;

afterEach(() => {
  Reflect.deleteProperty(document, 'styleSheets');
  for (const name of ['lang', 'dir', 'data-theme']) document.documentElement.removeAttribute(name);
});

test('what is in the window is there until it is closed, by its person or by the page', async () => {
  const { host, filled, mini } = page();
  host.come();
  expect(await mini.open(always)).toBe(true);
  expect([mini.isOpen, filled]).toEqual([true, [host.window?.document.body]]);
  host.window?.close();
  expect([mini.isOpen, filled]).toEqual([false, []]);
  expect(await mini.open(always)).toBe(true);
  mini.close();
  expect([mini.isOpen, filled, host.window]).toEqual([false, [], null]);
  mini.close();
});

test('there is one window, however often it is asked for', async () => {
  const { host, filled, mini } = page();
  const [first, second] = [mini.open(always), mini.open(always)];
  host.come();
  expect([await first, await second, await mini.open(always)]).toEqual([true, true, true]);
  expect([host.asked.length, filled.length]).toEqual([1, 1]);
});

test('a window that comes when nothing needs it any longer is closed at once', async () => {
  const { host, filled, mini } = page();
  let isNeeded = true;
  const opening = mini.open(() => isNeeded);
  isNeeded = false;
  host.come();
  await opening;
  expect([mini.isOpen, host.window, filled]).toEqual([false, null, []]);
});

test('a window that comes after it was closed again, as when the page goes, is closed at once', async () => {
  const { host, filled, mini } = page();
  const opening = mini.open(always);
  mini.close();
  host.come();
  await opening;
  expect([mini.isOpen, host.window, filled]).toEqual([false, null, []]);
  await mini.open(always);
  expect([mini.isOpen, filled.length]).toEqual([true, 1]);
});

test('a browser may refuse, and have none', async () => {
  const { host, mini } = page();
  host.refuses = true;
  host.come();
  expect([await mini.open(always), mini.isOpen, mini.isPossible]).toEqual([false, false, true]);
  host.refuses = false;
  expect(await mini.open(always)).toBe(true);
  const none = new MiniWindow(undefined, () => () => undefined);
  expect([await none.open(always), none.isPossible]).toEqual([false, false]);
});

test('it looks and speaks as the page does, also when that changes', async () => {
  const sheet = { media: { mediaText: '' }, cssRules: [{ cssText: 'p { color: red; }' }] };
  const unreadable = {
    media: { mediaText: '' },
    get cssRules(): never {
      throw new DOMException('', 'SecurityError');
    },
  };
  Object.defineProperty(document, 'styleSheets', { configurable: true, value: [unreadable, sheet] });
  const { host, mini } = page();
  host.come();
  document.documentElement.lang = 'de';
  await mini.open(always);
  const { documentElement: root, adoptedStyleSheets } = host.window?.document ?? document;
  expect(JSON.stringify(adoptedStyleSheets)).toContain('color: red');
  expect([root.lang, root.getAttribute('data-theme')]).toEqual(['de', null]);
  Object.assign(document.documentElement, { lang: 'fr', dir: 'rtl' });
  document.documentElement.dataset['theme'] = 'dark';
  flushSync();
  await expect
    .poll(() => [root.lang, root.dir, root.getAttribute('data-theme')])
    .toEqual(['fr', 'rtl', 'dark']);
  delete document.documentElement.dataset['theme'];
  await expect.poll(() => root.getAttribute('data-theme')).toBe(null);
  mini.close();
});
