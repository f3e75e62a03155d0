import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LeadingTab } from './leading-tab.svelte.ts';

interface Held {
  readonly lost: (reason: Error) => void;
}

/** The locks of one browser, for all its tabs (Web Locks). */
class FakeLocks {
  readonly held = new Map<string, Held>();
  readonly #queue: { readonly name: string; readonly grant: () => void }[] = [];

  async request(
    name: string,
    { ifAvailable, steal, signal }: LockOptions,
    granted: (lock: object | null) => Promise<void>,
  ): Promise<void> {
    await Promise.resolve();
    const holder = this.held.get(name);
    if (holder !== undefined && ifAvailable === true) return granted(null);
    if (holder !== undefined && steal !== true) await this.#turn(name, signal);
    this.held.get(name)?.lost(new DOMException('stolen', 'AbortError'));
    const lost = new Promise<never>((_, reject) => this.held.set(name, { lost: reject }));
    const own = this.held.get(name);
    try {
      await Promise.race([granted({}), lost]);
    } finally {
      if (this.held.get(name) === own) {
        this.held.delete(name);
        const at = this.#queue.findIndex((each) => each.name === name);
        if (at >= 0) this.#queue.splice(at, 1)[0]?.grant();
      }
    }
  }

  #turn(name: string, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((grant, reject) => {
      const waiting = { name, grant };
      this.#queue.push(waiting);
      signal?.addEventListener('abort', () => {
        const at = this.#queue.indexOf(waiting);
        if (at >= 0) this.#queue.splice(at, 1);
        reject(new DOMException('given up', 'AbortError'));
      });
    });
  }
}

let locks: FakeLocks;
beforeEach(() => {
  locks = new FakeLocks();
  vi.stubGlobal('navigator', { locks });
});
afterEach(() => {
  for (const tab of tabs.splice(0)) tab.close();
  vi.unstubAllGlobals();
});

const tabs: LeadingTab[] = [];
const open = (number: string): LeadingTab => {
  const tab = new LeadingTab(number);
  tabs.push(tab);
  return tab;
};

const becomes = (tab: LeadingTab, state: LeadingTab['state']) =>
  vi.waitFor(() => expect(tab.state).toBe(state));

test('the first tab is the terminal, the second is not', async () => {
  const first = open('201');
  expect(first.state).toBe('waiting');
  await becomes(first, 'mine');
  const second = open('201');
  await becomes(second, 'elsewhere');
  expect(first.state).toBe('mine');
});

test('two terminals in one browser do not affect each other', async () => {
  const [desk, office] = [open('201'), open('202')];
  await becomes(desk, 'mine');
  await becomes(office, 'mine');
});

test('the terminal can be taken, and taken back', async () => {
  const first = open('201');
  await becomes(first, 'mine');
  const second = open('201');
  await becomes(second, 'elsewhere');
  second.take();
  await becomes(second, 'mine');
  await becomes(first, 'elsewhere');
  first.take();
  await becomes(first, 'mine');
  await becomes(second, 'elsewhere');
});

test('a tab that is closed leaves the terminal to the next', async () => {
  const first = open('201');
  await becomes(first, 'mine');
  first.close();
  await vi.waitFor(() => expect(locks.held.size).toBe(0));
  await becomes(open('201'), 'mine');
});

test('a waiting tab leads as soon as the leading one is closed, each in its turn', async () => {
  const first = open('201');
  await becomes(first, 'mine');
  const [second, third] = [open('201'), open('201')];
  await becomes(second, 'elsewhere');
  await becomes(third, 'elsewhere');
  first.close();
  await becomes(second, 'mine');
  expect(third.state).toBe('elsewhere');
  second.close();
  await becomes(third, 'mine');
});

test('a tab whose place was taken leads again once the other is closed', async () => {
  const first = open('201');
  await becomes(first, 'mine');
  const second = open('201');
  await becomes(second, 'elsewhere');
  second.take();
  await becomes(second, 'mine');
  await becomes(first, 'elsewhere');
  second.close();
  await becomes(first, 'mine');
});

test('a waiting tab that is closed is passed over', async () => {
  const first = open('201');
  await becomes(first, 'mine');
  const [second, third] = [open('201'), open('201')];
  await becomes(second, 'elsewhere');
  await becomes(third, 'elsewhere');
  second.close();
  first.close();
  await becomes(third, 'mine');
  expect(second.state).toBe('elsewhere');
});

const page = (name: string, persisted: boolean) =>
  window.dispatchEvent(Object.assign(new Event(name), { persisted }));

test('a page in the back/forward cache has no lock, and asks for it when it comes back', async () => {
  const tab = open('201');
  await becomes(tab, 'mine');
  page('pagehide', true);
  expect(tab.state).toBe('waiting');
  await vi.waitFor(() => expect(locks.held.size).toBe(0));
  page('pageshow', true);
  await becomes(tab, 'mine');
});

test('a page that is closed for good says nothing, for the browser lets go of its locks', async () => {
  const tab = open('201');
  await becomes(tab, 'mine');
  page('pagehide', false);
  page('pageshow', false);
  expect([tab.state, locks.held.size]).toEqual(['mine', 1]);
});

test('in a browser without locks every tab may be the terminal', () => {
  vi.stubGlobal('navigator', {});
  expect([open('201').state, open('201').state]).toEqual(['mine', 'mine']);
});
