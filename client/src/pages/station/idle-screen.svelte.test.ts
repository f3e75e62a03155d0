import { mount, unmount } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import type { Health } from '../../phone/line/health.ts';
import { terminalView } from '../../phone/page/support/test-view.ts';
import { m } from '../../words/messages.svelte.ts';
import IdleScreen from './idle-screen.svelte';

let leave: () => Promise<void>;

afterEach(() => leave());

/** What the card of a station says while its line is like that. */
function said(health: Health): string {
  const phone = {
    word: { view: terminalView({ kind: 'station', owner: { number: '201', name: 'Front desk' } }) },
    clock: { now: 0 },
    connection: { health },
  };
  const screen = mount(IdleScreen, { target: document.body, props: { phone, idle: { state: 'on' } } });
  leave = () => unmount(screen);
  return document.body.textContent;
}

test('without a server it says what cannot be done here, and what to do in an emergency', () => {
  expect(said({ kind: 'offline', nextTryAt: null, lastHeard: 0 })).toContain(
    m.offline_lost({ number: '201' }),
  );
});

test('a station that calls cannot reach says so', () => {
  expect(said({ kind: 'unregistered', age: 0 })).toContain(m.health_unregistered());
});

test('where all is well it says nothing of the line', () => {
  const text = said({ kind: 'ready', age: 0 });
  expect(text).toContain('Front desk');
  expect(text).not.toContain(m.health_unregistered());
  expect(text).not.toContain(m.offline_lost({ number: '201' }));
});
