// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SoleTab } from './sole-tab.svelte.ts';

type Held = { readonly lost: (reason: Error) => void };

/** The locks of one browser, for all its tabs (Web Locks). */
class FakeLocks {
  readonly held = new Map<string, Held>();

  async request(
    name: string,
    { ifAvailable, steal }: LockOptions,
    granted: (lock: object | null) => Promise<void>,
  ): Promise<void> {
    await Promise.resolve();
    const holder = this.held.get(name);
    if (holder !== undefined && ifAvailable === true) return granted(null);
    if (holder !== undefined && steal === true) holder.lost(new DOMException('stolen', 'AbortError'));
    const lost = new Promise<never>((_, reject) => this.held.set(name, { lost: reject }));
    const own = this.held.get(name);
    try {
      await Promise.race([granted({}), lost]);
    } finally {
      if (this.held.get(name) === own) this.held.delete(name);
    }
  }
}

let locks: FakeLocks;
beforeEach(() => {
  locks = new FakeLocks();
  vi.stubGlobal('navigator', { locks });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const becomes = (tab: SoleTab, state: SoleTab['state']) => vi.waitFor(() => expect(tab.state).toBe(state));

test('the first tab is the terminal, the second is not', async () => {
  const first = new SoleTab('201');
  expect(first.state).toBe('waiting');
  await becomes(first, 'mine');
  const second = new SoleTab('201');
  await becomes(second, 'elsewhere');
  expect(first.state).toBe('mine');
});

test('two terminals in one browser do not affect each other', async () => {
  const [desk, office] = [new SoleTab('201'), new SoleTab('202')];
  await becomes(desk, 'mine');
  await becomes(office, 'mine');
});

test('the terminal can be taken, and taken back', async () => {
  const first = new SoleTab('201');
  await becomes(first, 'mine');
  const second = new SoleTab('201');
  await becomes(second, 'elsewhere');
  second.take();
  await becomes(second, 'mine');
  await becomes(first, 'elsewhere');
  first.take();
  await becomes(first, 'mine');
  await becomes(second, 'elsewhere');
});

test('a tab that is closed leaves the terminal to the next', async () => {
  const first = new SoleTab('201');
  await becomes(first, 'mine');
  first.close();
  await vi.waitFor(() => expect(locks.held.size).toBe(0));
  await becomes(new SoleTab('201'), 'mine');
});

test('in a browser without locks every tab may be the terminal', () => {
  vi.stubGlobal('navigator', {});
  expect([new SoleTab('201').state, new SoleTab('201').state]).toEqual(['mine', 'mine']);
});
