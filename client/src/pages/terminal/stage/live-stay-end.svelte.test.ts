import type { StayEnd, TerminalView } from '@perch/shared';
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import { m } from '../../../words/messages.svelte.ts';
import { terminalView } from '../../../phone/page/support/test-view.ts';
import type { Phone } from '../../../state/phone.svelte.ts';
import { setPhone } from '../../../state/phone-context.ts';
import { timeOf } from '../../../ui/moments.ts';
import LiveStayEnd from './live-stay-end.svelte';

const AT = Date.parse('2026-11-27T17:00:00Z');
const WARNED: StayEnd = { limit: 'longest', at: AT, canExtend: true, waitsForCall: false };
const GUEST = { kind: 'guest', guest: { number: '101', name: 'Ada' }, since: AT - 28_800_000 } as const;

let banner: ReturnType<typeof mount> | undefined;
afterEach(() => {
  if (banner) void unmount(banner);
  document.body.replaceChildren();
});

/** The desk of a guest, of whose stay the server says that. */
function open(changes: Partial<TerminalView>) {
  const word = $state({ view: terminalView({ kind: 'station', occupancy: GUEST, ...changes }) });
  let extended = 0;
  const requests = { busy: false, extendStay: async () => void (extended += 1) };
  const Within: typeof LiveStayEnd = (...args) => {
    setPhone({ word, requests } as unknown as Phone);
    return LiveStayEnd(...args);
  };
  banner = mount(Within, { target: document.body });
  const says = (now: Partial<TerminalView>): void => {
    word.view = { ...word.view, ...now };
    flushSync();
  };
  return { says, extended: () => extended };
}

const text = (): string => document.body.textContent;
const button = (): HTMLElement | null => document.querySelector('button');

test('a guest is warned, stays on once, and is told afterwards that they were sent home', () => {
  const { says, extended } = open({ stayEnds: WARNED });
  expect(text()).toContain(m.stay_ends_longest({ time: timeOf(AT) }));
  expect(text()).toContain(m.stay_ends_then({ number: '101' }));
  button()?.click();
  expect(extended()).toBe(1);
  says({ stayEnds: null });
  expect(text().trim()).toBe('');
  says({ stayEnds: { ...WARNED, at: AT + 3_600_000, canExtend: false } });
  expect(text()).toContain(m.stay_extended());
  expect(button()).toBeNull();
  says({ occupancy: { kind: 'owner' }, stayEnds: null, stayEnded: { limit: 'longest', at: AT } });
  expect(text()).toContain(timeOf(AT));
  expect(button()).toBeNull();
});

test('nobody is told a time while the end waits for their call', () => {
  open({ stayEnds: { ...WARNED, canExtend: false, waitsForCall: true } });
  expect(text()).toContain(m.stay_ends_after_call());
  expect(text()).not.toContain(timeOf(AT));
});

test('what ends the stay of a guest is not shown to anybody else', () => {
  open({ occupancy: { kind: 'owner' }, stayEnds: WARNED });
  expect(text().trim()).toBe('');
});
