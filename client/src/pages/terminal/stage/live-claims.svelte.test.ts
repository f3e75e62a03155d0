import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import { m } from '../../../words/messages.svelte.ts';
import { terminalView } from '../../../phone/page/support/test-view.ts';
import type { Phone } from '../../../state/phone.svelte.ts';
import { setPhone } from '../../../state/phone-context.ts';
import { timeOf } from '../../../ui/moments.ts';
import LiveClaims from './live-claims.svelte';

const AT = Date.parse('2026-11-27T08:55:00Z');

let banner: ReturnType<typeof mount> | undefined;
afterEach(() => {
  if (banner) void unmount(banner);
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

test('at a handover each call made before the guest came is asked about: theirs is claimed, another is left alone', async () => {
  const claimed: unknown[] = [];
  vi.stubGlobal('fetch', async (_: string, { method, body }: { method: string; body?: string }) => {
    if (method === 'GET')
      return Response.json([
        { id: 'second', at: AT + 60_000, answeredMs: null },
        { id: 'first', at: AT, answeredMs: 5_000 },
      ]);
    claimed.push(JSON.parse(body ?? ''));
    return new Response(null, { status: 204 });
  });
  const occupancy = { kind: 'guest', guest: { number: '101', name: 'Ada' }, since: AT + 120_000 } as const;
  const phone = {
    connection: { token: 't' },
    word: { view: terminalView({ kind: 'station', occupancy }) },
  };
  const Within: typeof LiveClaims = (...args) => {
    setPhone(phone as unknown as Phone);
    return LiveClaims(...args);
  };
  banner = mount(Within, { target: document.body });
  const question = (at: number): Promise<void> =>
    vi.waitFor(() => {
      flushSync();
      expect(document.body.textContent).toContain(m.claim_question({ time: timeOf(at) }));
    });
  const press = (label: string): void =>
    [...document.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === label)?.click();
  await question(AT);
  expect(document.body.textContent).toContain(m.claim_hint({ number: '101' }));
  press(m.claim());
  await question(AT + 60_000);
  expect(claimed).toEqual([{ call: 'first' }]);
  press(m.claim_not_mine());
  flushSync();
  expect(document.body.textContent.trim()).toBe('');
  expect(claimed).toHaveLength(1);
});
