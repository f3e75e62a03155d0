import { mount, unmount } from 'svelte';
import { expect, test } from 'vitest';
import { m } from '../../../words/messages.svelte.ts';
import type { Phone } from '../../../state/phone.svelte.ts';
import { setPhone } from '../../../state/phone-context.ts';
import LiveChange from './live-change.svelte';

const DESK_FREE = { kind: 'desk-free', extension: { number: '201', name: 'Front desk' } };

/** The card of what has just changed here, while there is a call or none. */
function cardWith(call: object | null, desks = 1, guest?: object): string {
  const phone = {
    word: {
      offset: 0,
      view: {
        kind: 'station',
        occupancy: guest === undefined ? { kind: 'free' } : { kind: 'guest', guest, since: 0 },
        stayEnds: guest === undefined ? null : {},
        stayEnded: null,
        recentChange: {
          byManagement: false,
          limit: null,
          until: 30_000,
          canUndo: true,
          consequences: Array.from({ length: desks }, () => DESK_FREE),
        },
      },
    },
    clock: { now: 0 },
    connection: { number: '201' },
    calls: { focused: call },
    requests: { busy: false },
  };
  const target = document.createElement('div');
  const Within: typeof LiveChange = (...args) => {
    setPhone(phone as unknown as Phone);
    return LiveChange(...args);
  };
  const card = mount(Within, { target });
  const text = target.textContent;
  void unmount(card);
  return text;
}

test('a change can be undone, except while there is a call', () => {
  expect(cardWith(null)).toContain(m.undo());
  expect(cardWith({})).toContain('201');
  expect(cardWith({})).not.toContain(m.undo());
});

test('a sentence that is told twice stands there twice', () => {
  expect(cardWith(null, 2).match(/Front desk/g)).toHaveLength(2);
});

test('what may turn out to be nothing takes no room while it is loaded', () => {
  const told = cardWith(null, 1, { number: '101', name: 'Ada' });
  expect(told).toContain('201');
  expect(told).not.toContain(m.part_loading());
});
